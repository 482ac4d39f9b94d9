import { once } from "node:events";
import { PassThrough } from "node:stream";
import type { Json } from "../data/scope";
import type { Objects } from "./objects";

/** Text that is gathered before it is handed to the store. */
const CHUNK_CHARACTERS = 65_536;

/** One file of results. It is written while results come in, so no more than a chunk of it is held. */
export class ResultFile {
  readonly key: string;
  size = 0;
  ended = false;
  private readonly body = new PassThrough();
  private readonly stored: Promise<void>;
  private readonly asLines: boolean;
  private text: string;

  constructor(objects: Objects, bucket: string, key: string, asLines: boolean) {
    this.key = key;
    this.asLines = asLines;
    this.text = asLines ? "" : "[";
    this.stored = objects.put(bucket, key, this.body);
    // A failure is seen by whoever waits for the next write or the end.
    this.stored.catch(() => {});
  }

  async add(entry: Json, first: boolean): Promise<void> {
    const json = JSON.stringify(entry);
    if (this.asLines) this.text += `${json}\n`;
    else this.text += first ? json : `,${json}`;
    if (this.text.length >= CHUNK_CHARACTERS) await this.flush();
  }

  /** Waits until the store has all of it. */
  async end(): Promise<void> {
    if (this.ended) return;
    this.ended = true;
    if (!this.asLines) this.text += "]";
    await this.flush();
    this.body.end();
    await this.stored;
  }

  private async flush(): Promise<void> {
    const bytes = Buffer.from(this.text);
    this.text = "";
    this.size += bytes.length;
    if (!this.body.write(bytes)) await Promise.race([once(this.body, "drain"), this.stored]);
  }
}
