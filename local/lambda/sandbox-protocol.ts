/** What the runner tells a sandbox. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  /** Epoch milliseconds at which the sandbox is killed. */
  readonly deadline: number;
  readonly functionArn: string;
}

/** An error as Lambda's Node runtime reports it. */
export interface RuntimeError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a sandbox tells the runner. */
export type SandboxMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "init-error"; readonly error: RuntimeError }
  | { readonly kind: "response"; readonly requestId: string; readonly payload: string; readonly maxMemoryKb: number }
  | { readonly kind: "error"; readonly requestId: string; readonly error: RuntimeError; readonly maxMemoryKb: number };
