import { createHmac, createSecretKey, type KeyObject } from "node:crypto";

const signingKeys = new Map<string, KeyObject>();
const KEPT_SIGNING_KEYS = 100;

/** The key of one secret for one day, region and service: the same for thousands of requests. */
export function signingKey(secretAccessKey: string, scope: string): KeyObject {
  const name = `${secretAccessKey}/${scope}`;
  const known = signingKeys.get(name);
  if (known !== undefined) return known;
  const bytes = scope.split("/").reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const key = createSecretKey(Buffer.from(bytes));
  // Sessions end with their sandboxes, and nobody comes back for their keys.
  if (signingKeys.size >= KEPT_SIGNING_KEYS) signingKeys.clear();
  signingKeys.set(name, key);
  return key;
}

/** HMAC-SHA256. */
export function hmac(key: Buffer | string | KeyObject, content: string): Buffer {
  return createHmac("sha256", key).update(content).digest();
}
