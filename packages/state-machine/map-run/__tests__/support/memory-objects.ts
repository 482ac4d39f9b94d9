import type { ListedObject, Objects } from "../../objects";

/** A store in memory whose objects come in chunks of a few bytes, as a network may give them. */
export class MemoryObjects implements Objects {
  readonly bodies = new Map<string, Buffer>();
  /** Streams that were closed before their end. */
  abandoned = 0;

  constructor(
    bodies: Readonly<Record<string, string>> = {},
    private readonly chunkBytes = 5,
  ) {
    for (const [key, body] of Object.entries(bodies)) this.bodies.set(key, Buffer.from(body));
  }

  async *list(_bucket: string, prefix: string): AsyncGenerator<ListedObject> {
    for (const [key, body] of [...this.bodies].sort(([a], [b]) => (a < b ? -1 : 1))) {
      if (!key.startsWith(prefix)) continue;
      const lastModified = new Date(1_668_699_881_500);
      yield { key, etag: '"e1"', lastModified, size: body.length, storageClass: "STANDARD" };
    }
  }

  async *get(bucket: string, key: string): AsyncGenerator<Uint8Array> {
    const body = this.bodies.get(key);
    if (body === undefined) throw new Error(`No object ${key} in ${bucket}`);
    let done = false;
    try {
      for (let start = 0; start < body.length; start += this.chunkBytes) {
        yield body.subarray(start, start + this.chunkBytes);
      }
      done = true;
    } finally {
      if (!done) this.abandoned++;
    }
  }

  async put(_bucket: string, key: string, body: AsyncIterable<Uint8Array>): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of body) chunks.push(chunk);
    this.bodies.set(key, Buffer.concat(chunks));
  }

  text(key: string): string {
    const body = this.bodies.get(key);
    if (body === undefined) throw new Error(`No object ${key}, but ${[...this.bodies.keys()].join(", ")}`);
    return body.toString();
  }
}
