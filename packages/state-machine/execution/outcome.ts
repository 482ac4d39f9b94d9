/** How an execution ended; `output` is JSON text. */
export type Outcome =
  | { readonly status: "SUCCEEDED"; readonly output: string }
  | { readonly status: "FAILED" | "ABORTED"; readonly error?: string; readonly cause?: string }
  | { readonly status: "TIMED_OUT" };
