import { keyPath } from "../key-path";
import type { Trial, TrialAnswer, TrialPicture } from "../wire";

/** Reads JSON of the console's own API. @throws Error with the server's message */
export async function readApi<Value>(path: string): Promise<Value> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(await messageOf(response));
  return response.json();
}

/** Uploads a file under a key. @throws Error with what S3 says */
export async function uploadFile(bucket: string, key: string, file: Blob): Promise<void> {
  const path = `/api/objects/${encodeURIComponent(bucket)}/${keyPath(key)}`;
  const response = await fetch(path, { method: "PUT", body: file });
  if (!response.ok) throw new Error(await messageOf(response));
}

/** Has a picture made by a preset. @throws Error with the server's message */
export async function postTrial(trial: Trial, signal: AbortSignal): Promise<TrialAnswer> {
  const headers = { "content-type": "application/json" };
  const response = await fetch("/api/trials", { method: "POST", headers, body: JSON.stringify(trial), signal });
  if (!response.ok) throw new Error(await messageOf(response));
  return response.json();
}

/** The address of a tried picture's bytes. */
export function bytesOfTrial({ id, etag }: TrialPicture): string {
  return `/api/trials/${id}?etag=${encodeURIComponent(etag)}`;
}

/** The address of an object's bytes, another one for each version of them. */
export function bytesHref({
  bucket,
  key,
  etag,
}: {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}) {
  return `/api/objects/${encodeURIComponent(bucket)}/${keyPath(key)}?etag=${encodeURIComponent(etag)}`;
}

async function messageOf(response: Response): Promise<string> {
  const text = await response.text();
  const [, ofS3] = /<Message>([^<]*)<\/Message>/.exec(text) ?? [];
  if (ofS3 !== undefined) return ofS3;
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "message" in body) return String(body.message);
  } catch {
    // No JSON.
  }
  return `${response.status} ${response.statusText}`;
}
