import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Body } from "./body";
import { Holding } from "./holding";

/** What one body may take of memory before it goes to a file. */
const MAX_BODY_IN_MEMORY_BYTES = 16 * 1024 * 1024;
/** What all bodies together may: an upload in parts is as large as its object. */
const MAX_MEMORY_BYTES = 512 * 1024 * 1024;

/** How much is held where. */
export interface BodyStorageOptions {
  /** Keeps every body in a file of this folder; without one they are in memory, and in a temporary folder when large. */
  readonly folder?: string;
  readonly maxBodyInMemoryBytes?: number;
}

/** Takes bodies in, piece by piece. */
export class BodyStorage {
  readonly #maxInMemory: number;
  #inMemory = 0;
  #folder: string | undefined;

  constructor(private readonly options: BodyStorageOptions = {}) {
    this.#maxInMemory = options.folder === undefined ? (options.maxBodyInMemoryBytes ?? MAX_BODY_IN_MEMORY_BYTES) : -1;
    if (options.folder !== undefined) mkdirSync(options.folder, { recursive: true });
    this.#folder = options.folder;
  }

  /** How many bytes objects and parts hold in memory. */
  get inMemoryBytes(): number {
    return this.#inMemory;
  }

  /** Begins a body. */
  writer(): BodyWriter {
    return new BodyWriter({
      newPath: () => join(this.#fileFolder(), randomBytes(16).toString("hex")),
      fits: (bytes) => bytes <= this.#maxInMemory && this.#inMemory + bytes <= MAX_MEMORY_BYTES,
      hold: (buffer) => this.#hold(buffer),
      holdFile: (path) => this.holdFile(path),
    });
  }

  /** A file that goes when nothing uses it any more. */
  holdFile(path: string): Holding {
    return new Holding(path, () => rmSync(path, { force: true }));
  }

  /** Removes what was temporary. */
  stop(): void {
    if (this.#folder !== undefined && this.options.folder === undefined)
      rmSync(this.#folder, { recursive: true, force: true });
  }

  #hold(buffer: Buffer): Holding {
    this.#inMemory += buffer.length;
    return new Holding(buffer, () => {
      this.#inMemory -= buffer.length;
    });
  }

  #fileFolder(): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), "local-s3-"));
    return this.#folder;
  }
}

interface Target {
  readonly newPath: () => string;
  readonly fits: (bytes: number) => boolean;
  readonly hold: (buffer: Buffer) => Holding;
  readonly holdFile: (path: string) => Holding;
}

/** A body that is being received. Whoever begins one finishes it with `end` or `discard`. */
export class BodyWriter {
  #pieces: Buffer[] = [];
  #bytes = 0;
  #file: { readonly handle: FileHandle; readonly path: string } | undefined;

  constructor(private readonly target: Target) {}

  /** How much has come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Takes a piece; a promise where it has to be waited for. */
  write(piece: Buffer): Promise<void> | undefined {
    if (piece.length === 0) return undefined;
    this.#bytes += piece.length;
    this.#pieces.push(piece);
    if (this.#file === undefined && this.target.fits(this.#bytes)) return undefined;
    return this.#toFile();
  }

  /** The whole body, which its receiver has to release. */
  async end(): Promise<Body> {
    if (this.#bytes === 0) return Body.EMPTY;
    const file = this.#file;
    await file?.handle.close();
    const holding =
      file === undefined ? this.target.hold(Buffer.concat(this.#pieces)) : this.target.holdFile(file.path);
    return new Body([{ holding, from: 0, bytes: this.#bytes }]).retain();
  }

  /** Forgets what has come. */
  async discard(): Promise<void> {
    this.#pieces = [];
    if (this.#file === undefined) return;
    await this.#file.handle.close();
    rmSync(this.#file.path, { force: true });
  }

  async #toFile(): Promise<void> {
    if (this.#file === undefined) {
      const path = this.target.newPath();
      this.#file = { path, handle: await open(path, "wx") };
    }
    const pieces = this.#pieces;
    this.#pieces = [];
    // A file takes less than it is given when the disk is full; the next call says why.
    for (let rest = Buffer.concat(pieces); rest.length > 0; )
      rest = rest.subarray((await this.#file.handle.write(rest)).bytesWritten);
  }
}
