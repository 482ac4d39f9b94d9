import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import { GetObjectCommand, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { BACKFILL_PREFIXES } from "../../environments/names";
import { cell } from "./key-list";

/** What a run has written about its pictures. */
export interface Results {
  /** Pictures that have failed, by error. */
  readonly failures: ReadonlyMap<string, number>;
  /** Renditions that were made, by name. */
  readonly made: ReadonlyMap<string, number>;
  /** Pictures that lacked none, and with them folder markers and empty objects, which were passed over. */
  readonly complete: number;
}

/**
 * Reads the results of a Map run line by line, for there may be millions, and writes the failures to a CSV file that
 * `--keys` takes. Undefined where none were written.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html
 */
export async function readResults(
  s3: S3Client,
  bucket: string,
  mapRunArn: string,
  { since, csvFile }: { readonly since: Date | undefined; readonly csvFile: string },
): Promise<Results | undefined> {
  const folder = `${BACKFILL_PREFIXES.results}/${mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1)}`;
  const manifest = await manifestOf(s3, bucket, `${folder}/manifest.json`);
  if (manifest === undefined) return undefined;
  const failures = new Map<string, number>();
  const made = new Map<string, number>();
  let complete = 0;
  for await (const line of linesOf(s3, bucket, manifest.SUCCEEDED)) {
    const names: readonly string[] = JSON.parse(line);
    if (names.length === 0) complete += 1;
    for (const name of names) made.set(name, (made.get(name) ?? 0) + 1);
  }
  const csv = new CsvFile(csvFile);
  for await (const line of linesOf(s3, bucket, manifest.FAILED)) {
    const failure = failureOf(line);
    // What had failed before a redrive was tried again by it, and stands there a second time if it failed again.
    if (since !== undefined && failure.stoppedAt < since) continue;
    failures.set(failure.error, (failures.get(failure.error) ?? 0) + 1);
    await csv.add([failure.key, failure.error, failure.cause]);
  }
  await csv.end();
  return { failures, made, complete };
}

type ResultFiles = Readonly<Record<"FAILED" | "SUCCEEDED", readonly string[]>>;

/** A run begins with a try whether it may write one, which says nothing of results. */
interface Manifest {
  readonly ResultFiles?: Readonly<Partial<Record<keyof ResultFiles, readonly { readonly Key: string }[]>>>;
}

async function manifestOf(s3: S3Client, Bucket: string, Key: string): Promise<ResultFiles | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const text = (await Body?.transformToString()) ?? "";
    if (text.trim() === "") return undefined;
    const { ResultFiles: files }: Manifest = JSON.parse(text);
    if (files === undefined) return undefined;
    const keys = (kind: keyof ResultFiles) => (files[kind] ?? []).map((file) => file.Key);
    return { FAILED: keys("FAILED"), SUCCEEDED: keys("SUCCEEDED") };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

async function* linesOf(s3: S3Client, Bucket: string, keys: readonly string[]): AsyncGenerator<string> {
  for (const Key of keys) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    if (!(Body instanceof Readable)) throw new Error(`Expected s3://${Bucket}/${Key} to have content`);
    for await (const line of createInterface({ input: Body })) if (line !== "") yield line;
  }
}

/** A child that did not succeed, whose input is JSON text. */
function failureOf(line: string) {
  const entry: {
    readonly Input: string;
    readonly Status: string;
    readonly Error?: string;
    readonly Cause?: string;
    readonly StopDate?: string;
  } = JSON.parse(line);
  const { request }: { readonly request: { readonly fileName: string } } = JSON.parse(entry.Input);
  return {
    key: request.fileName,
    error: entry.Error ?? entry.Status,
    cause: entry.Cause ?? "",
    stoppedAt: new Date(entry.StopDate ?? 0),
  };
}

/** Made with its first row. */
class CsvFile {
  #stream: ReturnType<typeof createWriteStream> | undefined;

  constructor(private readonly path: string) {}

  async add(row: readonly string[]): Promise<void> {
    this.#stream ??= this.#open();
    if (this.#stream.write(`${row.map(cell).join(",")}\n`)) return;
    await once(this.#stream, "drain");
  }

  async end(): Promise<void> {
    if (this.#stream === undefined) return;
    this.#stream.end();
    await finished(this.#stream);
  }

  #open() {
    const stream = createWriteStream(this.path);
    stream.write("key,error,cause\n");
    return stream;
  }
}
