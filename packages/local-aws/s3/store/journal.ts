import { closeSync, ftruncateSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { deserialize, serialize } from "node:v8";
import { Body } from "./body";
import type { Change } from "./change";
import type { Holding } from "./holding";

/** A record is a length in 4 bytes and so many bytes: all changes of one commit, as `v8.serialize` writes them. */
const LENGTH_BYTES = 4;

/** What happened to a bucket, in a file. What was cut off when the process was killed, or is no record, did not happen. */
export class Journal {
  #fd: number;
  #length: number;

  private constructor(fd: number, length: number) {
    this.#fd = fd;
    this.#length = length;
  }

  /** Begins a file anew, in one step, with the changes that make the present state. */
  static begin(path: string, changes: readonly Change[]): Journal {
    const records = Buffer.concat(changes.map((change) => recordOf([change])));
    writeFileSync(`${path}.new`, records);
    renameSync(`${path}.new`, path);
    return new Journal(openSync(path, "r+"), records.length);
  }

  /** The changes in a file, by record. @param holding what stands for the file of a body, by its name */
  static *read(path: string, holding: (file: string) => Holding): Generator<readonly Change[]> {
    const content = readFileSync(path);
    for (let at = 0; at + LENGTH_BYTES <= content.length; ) {
      const end = at + LENGTH_BYTES + content.readUInt32BE(at);
      if (end > content.length) return;
      let stored: readonly StoredChange[];
      try {
        stored = deserialize(content.subarray(at + LENGTH_BYTES, end));
      } catch {
        // A disk without power can keep the length of a file and lose what was in it.
        return;
      }
      yield stored.map((change) => fromStored(change, holding));
      at = end;
    }
  }

  /** @throws Error when the disk does not take them; then none of them is in the file */
  append(changes: readonly Change[]): void {
    const record = recordOf(changes);
    try {
      for (let done = 0; done < record.length; )
        done += writeSync(this.#fd, record, done, record.length - done, this.#length + done);
    } catch (error) {
      if (this.#fd >= 0) ftruncateSync(this.#fd, this.#length);
      throw error;
    }
    this.#length += record.length;
  }

  close(): void {
    closeSync(this.#fd);
    // The number may be another file's now, and a request that is still served must not write there.
    this.#fd = -1;
  }
}

/** The stretches of a body, by the names of the files that hold them. */
type StoredBody = readonly { readonly file: string; readonly from: number; readonly bytes: number }[];
type WithStoredBody<Value> = Value extends { readonly body: Body }
  ? Omit<Value, "body"> & { readonly body: StoredBody }
  : Value;
type StoredChange =
  | Exclude<Change, { kind: "put" | "part" }>
  | { readonly kind: "put"; readonly version: WithStoredBody<Extract<Change, { kind: "put" }>["version"]> }
  | {
      readonly kind: "part";
      readonly uploadId: string;
      readonly part: WithStoredBody<Extract<Change, { kind: "part" }>["part"]>;
    };

function recordOf(changes: readonly Change[]): Buffer {
  const content = serialize(changes.map(toStored));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

function toStored(change: Change): StoredChange {
  if (change.kind === "put") {
    const { version } = change;
    if (version.kind === "marker") return { kind: "put", version };
    return { kind: "put", version: { ...version, body: storedBody(version.body) } };
  }
  if (change.kind === "part") return { ...change, part: { ...change.part, body: storedBody(change.part.body) } };
  // Its parts are changes of their own.
  if (change.kind === "upload") return { ...change, upload: { ...change.upload, parts: new Map() } };
  return change;
}

function storedBody(body: Body): StoredBody {
  return body.segments.map(({ holding: { content }, from, bytes }) => {
    if (typeof content !== "string") throw new Error("expected a body that is in a file");
    return { file: content.slice(content.lastIndexOf("/") + 1), from, bytes };
  });
}

function fromStored(change: StoredChange, holding: (file: string) => Holding): Change {
  const bodyOf = (stored: StoredBody) =>
    new Body(stored.map(({ file, from, bytes }) => ({ holding: holding(file), from, bytes }))).retain();
  if (change.kind === "put") {
    const { version } = change;
    return { kind: "put", version: version.kind === "object" ? { ...version, body: bodyOf(version.body) } : version };
  }
  if (change.kind === "part") return { ...change, part: { ...change.part, body: bodyOf(change.part.body) } };
  return change;
}
