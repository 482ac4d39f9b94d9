import { createHash } from "node:crypto";
import type { StackObject } from "../stack/stack-model";
import type { BodyStorage } from "./store/body-storage";
import type { BucketStore } from "./store/bucket-store";
import type { Encryption } from "./store/version";

/** Puts an object of the stack into its bucket, as a deployment does: not again where it is there as it should be. */
export async function putStackObject(
  { key, content, headers }: StackObject,
  encryption: Encryption,
  store: BucketStore,
  storage: BodyStorage,
): Promise<void> {
  const etag = createHash("md5").update(content).digest("hex");
  const current = store.current(key);
  if (current?.etag === etag && JSON.stringify(current.headers) === JSON.stringify(headers)) return;
  const writer = storage.writer();
  await writer.write(Buffer.from(content));
  store.put(key, { headers, metadata: {}, encryption, body: await writer.end(), etag });
}
