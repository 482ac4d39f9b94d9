import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { CommandError } from "@image-pipeline/command";
import { BACKFILL_PREFIXES } from "../../environments/names";

/** What the machine's role may read of the bucket of backfills. */
const LISTS = `${BACKFILL_PREFIXES.lists}/`;

/** A list of keys: a CSV file with a column `key`, or a line of JSON with a `key` each. */
export class KeyList {
  readonly #kind: "csv" | "jsonl";

  /** @param location `s3://BUCKET/KEY`, or a file of this machine @throws CommandError for another kind of file */
  constructor(
    private readonly s3: S3Client,
    private readonly location: string,
  ) {
    const [, kind] = /\.(csv|jsonl)$/.exec(location) ?? [];
    if (kind !== "csv" && kind !== "jsonl") {
      throw new CommandError(`--keys: expected a list ending in .csv or .jsonl but received ${location}`);
    }
    this.#kind = kind;
  }

  /** The keys, one after the other. @throws CommandError for a line that has none */
  async *keys(): AsyncGenerator<string> {
    const lines = createInterface({ input: await this.#read(), crlfDelay: Number.POSITIVE_INFINITY });
    let number = 0;
    let column: number | undefined;
    let begun = "";
    for await (const part of lines) {
      number += 1;
      const line = `${begun}${part}`;
      // A cell in quotes goes on behind the end of a line.
      begun = this.#kind === "csv" && isOpen(line) ? `${line}\n` : "";
      if (begun !== "" || line.trim() === "") continue;
      if (this.#kind === "csv" && hasLoneBackslash(line)) throw this.#fault(number, "each backslash twice", line);
      if (this.#kind === "csv" && column === undefined) {
        column = cells(line).indexOf("key");
        if (column < 0) throw this.#fault(number, "a column named key", line);
        continue;
      }
      const key = column === undefined ? keyOf(line) : cells(line)[column];
      if (key === undefined || key === "") throw this.#fault(number, "a key", line);
      yield key;
    }
  }

  /** Puts it where the machine may read it, unless it is there, and gives its key in the bucket. */
  async putInto(bucket: string, name: string): Promise<string> {
    const there = `s3://${bucket}/`;
    if (this.location.startsWith(`${there}${LISTS}`)) return this.location.slice(there.length);
    const Key = `${LISTS}${name}.${this.#kind}`;
    const body = await this.#read();
    const ContentLength = await this.#size();
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body, ContentLength }));
    return Key;
  }

  async #read(): Promise<Readable> {
    const place = this.#place();
    if (place === undefined) return createReadStream(this.location);
    const { Body } = await this.s3.send(new GetObjectCommand(place));
    if (!(Body instanceof Readable)) throw new CommandError(`--keys: expected ${this.location} to have content`);
    return Body;
  }

  async #size(): Promise<number> {
    const place = this.#place();
    if (place === undefined) return (await stat(this.location)).size;
    const { ContentLength = 0, Body } = await this.s3.send(new GetObjectCommand(place));
    if (Body instanceof Readable) Body.destroy();
    return ContentLength;
  }

  #place(): { readonly Bucket: string; readonly Key: string } | undefined {
    const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(this.location) ?? [];
    return Bucket === undefined || Key === undefined ? undefined : { Bucket, Key };
  }

  #fault(line: number, expected: string, received: string): CommandError {
    return new CommandError(
      `${this.location}: line ${line}: expected ${expected} but received ${received.slice(0, 200)}`,
    );
  }
}

function keyOf(line: string): string | undefined {
  try {
    const item: unknown = JSON.parse(line);
    if (typeof item === "object" && item !== null && "key" in item && typeof item.key === "string") return item.key;
  } catch {
    // No JSON has no key either.
  }
  return undefined;
}

/** Cells of a row; in quotes they may have commas and line ends, and a quote twice. A backslash stands there twice, too. */
function cells(row: string): readonly string[] {
  return [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted?.replaceAll('""', '"') ?? plain ?? "").replaceAll("\\\\", "\\"),
  );
}

// Step Functions reads it together with what stands behind it, and would look for another key.
const hasLoneBackslash = (row: string): boolean => row.replaceAll("\\\\", "").includes("\\");

const isOpen = (row: string): boolean => (row.match(/"/g) ?? []).length % 2 === 1;

/** A cell of CSV as Step Functions reads it, in quotes where it has to be. */
export function cell(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\");
  return /[",\r\n]/.test(text) ? `"${escaped.replaceAll('"', '""')}"` : escaped;
}
