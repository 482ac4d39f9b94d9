import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Body } from "./body";
import { BodyStorage } from "./body-storage";
import { BucketStore, type Versioning } from "./bucket-store";
import type { Change } from "./change";
import type { Holding } from "./holding";
import { Journal } from "./journal";

const JOURNAL = ".journal";

/**
 * Buckets that are kept between runs: a journal for each, and the bytes of objects and parts in a folder of files. A body is
 * whole before its journal mentions it, so that after the end of the process, at whatever moment, each object is whole or absent.
 * Nothing waits for the disk: what was acknowledged outlives the process, and not the power, which can take the last objects
 * with it. Waiting twice for each would make a small object take five times as long, for what can be uploaded again.
 */
export class DataFolder {
  readonly storage: BodyStorage;
  readonly stores: ReadonlyMap<string, BucketStore>;
  /** What the journals mention and the disk has lost: it is absent. */
  readonly lost: readonly string[];
  readonly #journals: Journal[] = [];
  readonly #lockPath: string;

  /** @throws Error when another process uses the folder */
  constructor(
    private readonly folder: string,
    buckets: readonly { readonly name: string; readonly versioning: Versioning }[],
  ) {
    this.storage = new BodyStorage({ folder: join(folder, "bodies") });
    this.#lockPath = join(folder, "lock");
    lock(this.#lockPath, folder);
    const holdings = new Map<string, Holding>();
    const holding = (file: string) => {
      // Retained until everything is read: what one bucket no longer has may be in another.
      const held = holdings.get(file) ?? this.storage.holdFile(join(this.folder, "bodies", file)).retain();
      holdings.set(file, held);
      return held;
    };
    // Those of another stack stay as they are, with the files they use.
    const kept = readdirSync(folder).filter((name) => name.endsWith(JOURNAL));
    const versionings = new Map([
      ...kept.map((name): [string, Versioning] => [name.slice(0, -JOURNAL.length), undefined]),
      ...buckets.map(({ name, versioning }): [string, Versioning] => [name, versioning]),
    ]);
    const lost: string[] = [];
    const stores = [...versionings].map(([name, versioning]) => this.#open(name, versioning, { holding, lost }));
    this.lost = lost;
    this.stores = new Map(stores.map((store) => [store.name, store]));
    for (const held of holdings.values()) held.release();
    for (const file of readdirSync(join(folder, "bodies")))
      if (!holdings.has(file)) rmSync(join(folder, "bodies", file));
  }

  close(): void {
    for (const journal of this.#journals) journal.close();
    rmSync(this.#lockPath, { force: true });
  }

  #open(name: string, versioning: Versioning, { holding, lost }: Reading): BucketStore {
    const path = join(this.folder, `${name}${JOURNAL}`);
    const read = new BucketStore(name, versioning);
    if (readdirSync(this.folder).includes(`${name}${JOURNAL}`))
      for (const changes of Journal.read(path, holding)) read.replay(changes);
    const store = new BucketStore(name, versioning, (changes) => journal.append(changes));
    for (const change of read.asChanges()) {
      const body = bodyOf(change);
      if (body === undefined || isWhole(body)) store.replay([change]);
      else {
        body.release();
        lost.push(change.kind === "put" ? `${name}/${change.version.key}` : `a part of an upload to ${name}`);
      }
    }
    const journal = Journal.begin(path, store.asChanges());
    this.#journals.push(journal);
    return store;
  }
}

/** What a journal is read with. */
interface Reading {
  readonly holding: (file: string) => Holding;
  readonly lost: string[];
}

function bodyOf(change: Change): Body | undefined {
  if (change.kind === "part") return change.part.body;
  return change.kind === "put" && change.version.kind === "object" ? change.version.body : undefined;
}

/** Whether all bytes of a body are in its files. */
function isWhole(body: Body): boolean {
  return body.segments.every(({ holding: { content }, from, bytes }) => {
    const size = typeof content === "string" ? statSync(content, { throwIfNoEntry: false })?.size : content.length;
    return size !== undefined && size >= from + bytes;
  });
}

function lock(path: string, folder: string): void {
  try {
    writeFileSync(path, String(process.pid), { flag: "wx" });
  } catch {
    const pid = Number(readFileSync(path, "utf8"));
    if (pid !== process.pid && isAlive(pid)) throw new Error(`--data ${folder}: process ${pid} uses it (${path})`);
    // Whoever was killed left it.
    writeFileSync(path, String(process.pid));
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
