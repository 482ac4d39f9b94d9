import type { Refusal } from "./errors";
import type { ResizeResult } from "./resize";

/** What the state machine reads. The failure has the field names Step Functions itself uses. */
export type Outcome = Success | Failure;

interface Success extends ResizeResult {
  readonly status: "SUCCESS";
  readonly success: true;
  readonly message: string;
  readonly resized_key: string;
}

interface Failure {
  readonly status: "FAILED";
  readonly success: false;
  readonly Error: string;
  readonly Cause: string;
}

/** The outcome of a request that was served. */
export function succeeded(result: ResizeResult): Outcome {
  const [first] = result.renditions;
  if (!first) throw new Error("Expected at least one rendition of a request that was served");
  return {
    status: "SUCCESS",
    success: true,
    message: `${result.source.key} resized successfully!`,
    resized_key: first.key,
    ...result,
  };
}

/** The outcome of a request that will never be served. */
export function failed(refusal: Refusal): Outcome {
  return { status: "FAILED", success: false, Error: refusal.name, Cause: refusal.message };
}
