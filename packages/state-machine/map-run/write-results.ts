import { Readable } from "node:stream";
import { isObject, type Json } from "../data/scope";
import { type ChildResult, entriesOf } from "./child-result";
import { asMapRunError, MapRunError } from "./map-run-error";
import type { Objects } from "./objects";
import { ResultFile } from "./result-file";
import type { ResultWriter } from "./result-writer";

const FAILED = "States.ResultWriterFailed";

/**
 * Bytes after which a status's next file begins. AWS does not say where it begins one; 5 GiB is what one PutObject
 * takes (S3 docs: upload-objects).
 */
const MAX_FILE_BYTES = 5 * 1024 ** 3;

const kinds = ["FAILED", "PENDING", "SUCCEEDED"] as const;
type Kind = (typeof kinds)[number];

/** Writes the results of one Map run and their manifest (docs: input-output-resultwriter). */
export class ResultFiles {
  private readonly files: Readonly<Record<Kind, ResultFile[]>> = { FAILED: [], PENDING: [], SUCCEEDED: [] };
  private readonly bucket: string;
  private readonly folder: string;
  /** One write at a time: children end while others are still written. */
  private last: Promise<void> = Promise.resolve();

  /** `target` is the writer's payload for this execution. Throws a `MapRunError` when it has no bucket. */
  constructor(
    private readonly writer: ResultWriter,
    target: Json,
    private readonly mapRunArn: string,
    private readonly objects: Objects,
    private readonly maxFileBytes = MAX_FILE_BYTES,
  ) {
    const { Bucket: bucket, Prefix: prefix = "" } = isObject(target) ? target : {};
    if (typeof bucket !== "string" || typeof prefix !== "string") {
      throw new MapRunError(FAILED, "Expected strings as Bucket and Prefix of the ResultWriter");
    }
    this.bucket = bucket;
    const uuid = mapRunArn.slice(mapRunArn.lastIndexOf(":") + 1);
    this.folder = prefix === "" || prefix.endsWith("/") ? `${prefix}${uuid}` : `${prefix}/${uuid}`;
  }

  /** Adds a child's result to the file of its status. */
  add(result: ChildResult): Promise<void> {
    return this.inTurn(async () => {
      const kind = result.status === "SUCCEEDED" || result.status === "PENDING" ? result.status : "FAILED";
      for (const entry of entriesOf(result, this.writer.transformation)) await this.write(kind, entry);
    });
  }

  /** Ends the files, writes the manifest, and gives the state's output. What is added later begins files of its own. */
  async finish(): Promise<Json> {
    const key = `${this.folder}/manifest.json`;
    await this.inTurn(async () => {
      for (const kind of kinds) await this.files[kind].at(-1)?.end();
      const manifest = JSON.stringify({
        DestinationBucket: this.bucket,
        MapRunArn: this.mapRunArn,
        ResultFiles: Object.fromEntries(
          kinds.map((kind) => [kind, this.files[kind].map((file) => ({ Key: file.key, Size: file.size }))]),
        ),
      });
      await this.objects.put(this.bucket, key, Readable.from([Buffer.from(manifest)]));
    });
    return { MapRunArn: this.mapRunArn, ResultWriterDetails: { Bucket: this.bucket, Key: key } };
  }

  private async write(kind: Kind, entry: Json): Promise<void> {
    const files = this.files[kind];
    let file = files.at(-1);
    let first = false;
    if (file === undefined || file.ended || file.size >= this.maxFileBytes) {
      await file?.end();
      const lines = this.writer.outputType === "JSONL";
      const key = `${this.folder}/${kind}_${files.length}.${lines ? "jsonl" : "json"}`;
      file = new ResultFile(this.objects, this.bucket, key, lines);
      files.push(file);
      first = true;
    }
    await file.add(entry, first);
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.last.then(work).catch((thrown: unknown) => {
      throw asMapRunError(FAILED, thrown);
    });
    // After a failure every further write fails the same way.
    this.last = done;
    return done;
  }
}
