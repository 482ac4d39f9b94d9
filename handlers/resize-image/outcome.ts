import type { DeletedRenditions } from "./delete-renditions";
import { Refusal } from "./errors";
import type { ResizeResult } from "./make-renditions";
import { renditionKey } from "./renditions";
import type { ResizeRequest } from "./request";

/** What the state machine reads. The failure has the field names Step Functions itself uses. */
export type Outcome = Success | Deletion | Failure;

interface Success extends ResizeResult {
  readonly status: "SUCCESS";
  readonly success: true;
  readonly message: string;
  readonly resized_key: string;
}

interface Deletion extends DeletedRenditions {
  readonly status: "SUCCESS";
  readonly success: true;
  readonly message: string;
}

interface Failure {
  readonly status: "FAILED";
  readonly success: false;
  readonly Error: string;
  readonly Cause: string;
}

/** The outcome of a request that was served, whether its renditions were made now, or there already, or deleted. */
export function succeeded({ key, renditions }: ResizeRequest, result: ResizeResult | DeletedRenditions): Outcome {
  if ("deleted" in result) {
    const message = result.deleted.length > 0 ? `${key} was deleted, and its renditions with it` : nothingDeleted(key);
    return { status: "SUCCESS", success: true, message, ...result };
  }
  const [first] = renditions;
  if (!first) throw new Error("Expected at least one rendition of a request that was served");
  return {
    status: "SUCCESS",
    success: true,
    message: `${key} resized successfully!`,
    resized_key: renditionKey(key, first.name, first.preset),
    ...result,
  };
}

// It is there again, or its key is too long for any rendition.
const nothingDeleted = (key: string): string => `nothing of ${key} had to be deleted`;

/** The outcome of a request that will never be served. What is no refusal is a defect of the function: `InternalError`. */
export function failed(error: unknown): Failure {
  const [name, cause] =
    error instanceof Refusal
      ? [error.name, error.message]
      : ["InternalError", `Expected the request to be served but the function failed: ${error}`];
  return { status: "FAILED", success: false, Error: name, Cause: inShort(cause) };
}

const MAX_CAUSE_CHARACTERS = 299;
const LAST_CHARACTERS = 120;

// What was expected stands at the beginning and what came at the end; what is long stands between, such as a key.
function inShort(cause: string): string {
  if (cause.length <= MAX_CAUSE_CHARACTERS) return cause;
  const start = cause.slice(0, MAX_CAUSE_CHARACTERS - LAST_CHARACTERS - 1);
  return `${start.toWellFormed()}…${cause.slice(-LAST_CHARACTERS).toWellFormed()}`;
}
