import { randomBytes } from "node:crypto";
import { BucketContents } from "./bucket-contents";
import type { Change } from "./change";
import { type ListEntry, type ListQuery, listEntries } from "./list-entries";
import { nextSequencer } from "./sequencer";
import type { Upload, UploadedPart } from "./upload";
import { NULL_VERSION, type ObjectContent, type ObjectVersion, type Version } from "./version";

/** The versioning of a bucket; undefined for one that never had any. */
export type Versioning = "Enabled" | "Suspended" | undefined;

/** What a deletion did: it put a marker in front, or took a version away, if there was one. */
export type Deletion =
  | { readonly kind: "marked"; readonly version: Version }
  | { readonly kind: "removed"; readonly version: Version }
  | { readonly kind: "nothing" };

/** A bucket: what may be done with its objects, their versions and its uploads. */
export class BucketStore {
  readonly #contents = new BucketContents();

  /** @param record is told of all changes that belong together, before they happen */
  constructor(
    readonly name: string,
    readonly versioning: Versioning,
    private readonly record: (changes: readonly Change[]) => void = () => {},
  ) {}

  /** The object under a key. */
  current(key: string): ObjectVersion | undefined {
    return this.#contents.current(key);
  }

  /** The version of an id, the newest one without an id; it may be a delete marker. */
  find(key: string, versionId?: string): Version | undefined {
    const versions = this.#contents.versionsOf(key);
    return versionId === undefined ? versions[0] : versions.find((version) => version.versionId === versionId);
  }

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#contents.versionsOf(key);
  }

  /** Stores an object, whose body is the store's from now on. */
  put(key: string, content: ObjectContent): ObjectVersion {
    const version = this.#newVersion(key, content);
    this.#commit([{ kind: "put", version }]);
    return version;
  }

  /**
   * Deletes an object: https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeleteMarker.html
   */
  delete(key: string): Deletion {
    if (this.versioning === undefined) return this.deleteVersion(key, NULL_VERSION);
    const version: Version = { kind: "marker", key, ...this.#newIdentity() };
    this.#commit([{ kind: "put", version }]);
    return { kind: "marked", version };
  }

  /** Takes a version away for good. */
  deleteVersion(key: string, versionId: string): Deletion {
    const version = this.find(key, versionId);
    if (version === undefined) return { kind: "nothing" };
    this.#commit([{ kind: "remove", key, versionId }]);
    return { kind: "removed", version };
  }

  /** The keys with an object, and common prefixes of such. */
  objectEntries(query: ListQuery): Generator<ListEntry> {
    return listEntries(this.#contents.keys, query, (key) => this.current(key) !== undefined);
  }

  /** The keys with any version, and common prefixes of such. */
  versionEntries(query: ListQuery): Generator<ListEntry> {
    return listEntries(this.#contents.keys, query, () => true);
  }

  /** In no promised order. */
  uploads(): readonly Upload[] {
    return this.#contents.uploads();
  }

  /** An upload for this very key. */
  upload(uploadId: string, key: string): Upload | undefined {
    const upload = this.#contents.upload(uploadId);
    return upload?.key === key ? upload : undefined;
  }

  createUpload(upload: Omit<Upload, "uploadId" | "initiated" | "parts">): Upload {
    const created = { ...upload, uploadId: randomBytes(48).toString("base64url"), initiated: new Date() };
    this.#commit([{ kind: "upload", upload: { ...created, parts: new Map() } }]);
    return { ...created, parts: new Map() };
  }

  /** Stores a part, whose body is the store's from now on, in the place of one with its number. */
  putPart(uploadId: string, part: UploadedPart): void {
    this.#commit([{ kind: "part", uploadId, part }]);
  }

  /** Makes an object of an upload. @param content its body may share the bytes of the parts, and is the store's from now on */
  complete({ uploadId, key }: Upload, content: ObjectContent): ObjectVersion {
    const version = this.#newVersion(key, content);
    this.#commit([
      { kind: "put", version },
      { kind: "end upload", uploadId },
    ]);
    return version;
  }

  abort(uploadId: string): void {
    this.#commit([{ kind: "end upload", uploadId }]);
  }

  /** All changes in which this state could be made again. */
  asChanges(): readonly Change[] {
    return this.#contents.asChanges();
  }

  /** Repeats what was recorded. */
  replay(changes: readonly Change[]): void {
    for (const change of changes) this.#contents.apply(change);
  }

  #commit(changes: readonly Change[]): void {
    this.record(changes);
    this.replay(changes);
  }

  #newVersion(key: string, content: ObjectContent): ObjectVersion {
    return { kind: "object", key, ...content, ...this.#newIdentity() };
  }

  #newIdentity() {
    const versionId = this.versioning === "Enabled" ? randomBytes(24).toString("base64url") : NULL_VERSION;
    return { versionId, lastModified: new Date(), sequencer: nextSequencer() };
  }
}
