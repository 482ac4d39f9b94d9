import type { Change } from "./change";
import { SortedKeys } from "./sorted-keys";
import type { Upload, UploadedPart } from "./upload";
import { NULL_VERSION, type ObjectVersion, type Version } from "./version";

interface OpenUpload extends Upload {
  readonly parts: Map<number, UploadedPart>;
}

/** What a bucket holds: versions by key, newest first, and uploads. It changes by `apply` alone. */
export class BucketContents {
  readonly #versions = new Map<string, Version[]>();
  readonly #uploads = new Map<string, OpenUpload>();
  readonly keys = new SortedKeys();

  /** Newest first. */
  versionsOf(key: string): readonly Version[] {
    return this.#versions.get(key) ?? [];
  }

  /** The object under a key; undefined where there is none or its newest version is a delete marker. */
  current(key: string): ObjectVersion | undefined {
    const [newest] = this.versionsOf(key);
    return newest?.kind === "object" ? newest : undefined;
  }

  upload(uploadId: string): Upload | undefined {
    return this.#uploads.get(uploadId);
  }

  /** In no promised order. */
  uploads(): readonly Upload[] {
    return [...this.#uploads.values()];
  }

  /** All changes in which this state could be made again. */
  asChanges(): readonly Change[] {
    const versions = [...this.#versions.values()].flatMap((list) => list.toReversed());
    const uploads = this.uploads().flatMap((upload): Change[] => [
      { kind: "upload", upload },
      ...[...upload.parts.values()].map((part): Change => ({ kind: "part", uploadId: upload.uploadId, part })),
    ]);
    return [...versions.map((version): Change => ({ kind: "put", version })), ...uploads];
  }

  apply(change: Change): void {
    switch (change.kind) {
      case "put":
        this.#put(change.version);
        break;
      case "remove":
        this.#remove(change.key, change.versionId);
        break;
      case "upload":
        this.#uploads.set(change.upload.uploadId, { ...change.upload, parts: new Map() });
        break;
      case "part": {
        const parts = this.#uploads.get(change.uploadId)?.parts;
        parts?.get(change.part.partNumber)?.body.release();
        parts?.set(change.part.partNumber, change.part);
        break;
      }
      case "end upload":
        for (const { body } of this.#uploads.get(change.uploadId)?.parts.values() ?? []) body.release();
        this.#uploads.delete(change.uploadId);
    }
  }

  #put(version: Version): void {
    // Every other id is new.
    if (version.versionId === NULL_VERSION) this.#remove(version.key, NULL_VERSION);
    const versions = this.#versions.get(version.key);
    if (versions === undefined) {
      this.#versions.set(version.key, [version]);
      this.keys.add(version.key);
    } else versions.unshift(version);
  }

  #remove(key: string, versionId: string): void {
    const versions = this.#versions.get(key) ?? [];
    const index = versions.findIndex((version) => version.versionId === versionId);
    if (index < 0) return;
    const [removed] = versions.splice(index, 1);
    if (removed?.kind === "object") removed.body.release();
    if (versions.length > 0) return;
    this.#versions.delete(key);
    this.keys.delete(key);
  }
}
