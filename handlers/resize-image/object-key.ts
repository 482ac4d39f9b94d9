import { Refusal } from "./errors";

const MAX_KEY_BYTES = 1024; // https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
const CONTROL_CHARACTER = /\p{Cc}/u;

/**
 * The object key in `value`. Spaces, unicode, `+` and `%` are fine; what reads as a path out of the bucket is not.
 * @throws Refusal InvalidRequest
 */
export function parseObjectKey(field: string, value: unknown): string {
  const refuse = (expected: string, received: string) =>
    new Refusal("InvalidRequest", `Expected ${expected} for ${field} but received ${received}`);
  if (typeof value !== "string") throw refuse("an object key (a string)", describe(value));
  const bytes = Buffer.byteLength(value);
  if (bytes === 0 || bytes > MAX_KEY_BYTES) throw refuse(`1 to ${MAX_KEY_BYTES} bytes`, `${bytes}`);
  if (!value.isWellFormed()) throw refuse("well-formed Unicode", "half of a surrogate pair");
  if (CONTROL_CHARACTER.test(value)) throw refuse("no control characters", describe(value));
  if (value.startsWith("/")) throw refuse("no leading slash", describe(value));
  if (value.endsWith("/")) throw refuse("a file name at the end", describe(value));
  if (value.split("/").some((part) => part === "." || part === "..")) {
    throw refuse('no "." or ".." between slashes', describe(value));
  }
  return value;
}

const SHOWN_CHARACTERS = 100;

/** A received value as an error message shows it: JSON, cut short. */
export function describe(value: unknown): string {
  const text = asJson(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

// JSON.parse reads any depth, JSON.stringify recurses.
function asJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? typeof value;
  } catch {
    return `${Array.isArray(value) ? "a list" : "an object"} nested too deeply to show`;
  }
}
