import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import { basename, join } from "node:path";
import { Body } from "./body";
import type { BodyStorage } from "./body-storage";
import type { BucketStore } from "./bucket-store";
import type { Change } from "./change";
import type { Holding } from "./holding";

/** A line of the journal: what belongs together, and either is all there or not at all. */
interface Entry {
  readonly bucket: string;
  readonly changes: readonly Change[];
}

/**
 * Keeps what happens to buckets in a folder: bodies in a file each, changes in a file of lines. A body's file is whole
 * before the line that names it is written, so that after a crash each object is whole or absent.
 */
export class Journal {
  readonly #path: string;
  readonly #holdings = new Map<string, Holding>();
  readonly #entries: readonly Entry[];
  #file: number | undefined;

  /** @param folder is made where it is not there @throws Error for a folder that another run uses */
  constructor(
    private readonly folder: string,
    private readonly storage: BodyStorage,
  ) {
    mkdirSync(folder, { recursive: true });
    this.#lock();
    this.#path = join(folder, "journal.jsonl");
    this.#entries = this.#read();
  }

  /** The folder of the bodies. */
  static bodiesIn(folder: string): string {
    return join(folder, "bodies");
  }

  /** What earlier runs recorded of a bucket. */
  changesOf(bucket: string): readonly Change[] {
    return this.#entries.filter((entry) => entry.bucket === bucket).flatMap(({ changes }) => changes);
  }

  /** Begins the journal anew with what the buckets hold now, and removes bodies that nothing names. */
  begin(stores: Iterable<BucketStore>): void {
    const next = `${this.#path}.next`;
    const file = openSync(next, "w");
    for (const store of stores)
      for (const change of store.asChanges()) write(file, { bucket: store.name, changes: [change] });
    closeSync(file);
    renameSync(next, this.#path);
    this.#file = openSync(this.#path, "a");
    for (const name of readdirSync(Journal.bodiesIn(this.folder)))
      if (!this.#holdings.has(name)) rmSync(join(Journal.bodiesIn(this.folder), name));
  }

  record(bucket: string, changes: readonly Change[]): void {
    if (this.#file === undefined) throw new Error("expected the journal to have begun");
    write(this.#file, { bucket, changes });
  }

  /** Lets another run have the folder. */
  stop(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    rmSync(this.#lockPath, { force: true });
  }

  get #lockPath(): string {
    return join(this.folder, "in-use-by");
  }

  #lock(): void {
    const other = existsSync(this.#lockPath) ? Number(readFileSync(this.#lockPath, "utf8")) : undefined;
    if (other !== undefined && other !== process.pid && isRunning(other))
      throw new Error(`--data: expected a folder of its own but process ${other} uses ${this.folder}`);
    const file = openSync(this.#lockPath, "w");
    writeSync(file, String(process.pid));
    closeSync(file);
  }

  #read(): readonly Entry[] {
    if (!existsSync(this.#path)) return [];
    const lines = readFileSync(this.#path, "utf8").split("\n");
    // What was being written when the run ended has no line end, and is not there.
    return lines.slice(0, -1).map((line) => JSON.parse(line, (name, value) => this.#revive(name, value)));
  }

  #revive(name: string, value: unknown): unknown {
    if (name === "lastModified" || name === "initiated") return new Date(String(value));
    if (name === "parts" && isParts(value)) return new Map(value.map((part) => [part.partNumber, part]));
    return name === "body" && isStretches(value) ? this.#bodyOf(value) : value;
  }

  #bodyOf(stretches: readonly Stretch[]): Body {
    const segments = stretches.map(({ file, from, bytes }) => ({ holding: this.#holdingOf(file), from, bytes }));
    return new Body(segments).retain();
  }

  #holdingOf(file: string): Holding {
    const known = this.#holdings.get(file);
    if (known !== undefined) return known;
    const holding = this.storage.holdFile(join(Journal.bodiesIn(this.folder), file));
    this.#holdings.set(file, holding);
    return holding;
  }
}

/** A stretch of a body's file, as the journal writes it. */
interface Stretch {
  readonly file: string;
  readonly from: number;
  readonly bytes: number;
}

function isStretches(value: unknown): value is readonly Stretch[] {
  return Array.isArray(value);
}

/** The parts of an upload, which are a map; those of an object have no bodies and stay a list. */
function isParts(value: unknown): value is readonly { readonly partNumber: number }[] {
  return Array.isArray(value) && value.every((part) => "etag" in part);
}

function write(file: number, entry: Entry): void {
  const line = Buffer.from(`${JSON.stringify(entry, replace)}\n`);
  for (let at = 0; at < line.length; ) at += writeSync(file, line, at);
}

function replace(_name: string, value: unknown): unknown {
  if (value instanceof Map) return [...value.values()];
  if (!(value instanceof Body)) return value;
  return value.segments.map(({ holding, from, bytes }): Stretch => {
    if (typeof holding.content !== "string") throw new Error("expected every body of a journal to be in a file");
    return { file: basename(holding.content), from, bytes };
  });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
