/** What the runner tells a sandbox. */
export interface InvokeMessage {
  readonly requestId: string;
  /** The event as JSON text. */
  readonly event: string;
  /** Epoch milliseconds at which the sandbox is killed. */
  readonly deadline: number;
  readonly functionArn: string;
  /** Variables that are others than before: the function is loaded again with them, as in a cold start. */
  readonly environment?: Readonly<Record<string, string>>;
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

/** Whether something is a message of a sandbox: code of a function can reach the channel too, and send anything. */
export function isSandboxMessage(value: unknown): value is SandboxMessage {
  if (typeof value !== "object" || value === null || !("kind" in value)) return false;
  switch (value.kind) {
    case "ready":
      return true;
    case "init-error":
      return "error" in value && isRuntimeError(value.error);
    case "response":
      return isAnswer(value) && "payload" in value && typeof value.payload === "string";
    case "error":
      return isAnswer(value) && "error" in value && isRuntimeError(value.error);
    default:
      return false;
  }
}

function isAnswer(value: object): boolean {
  return "requestId" in value && "maxMemoryKb" in value && typeof value.maxMemoryKb === "number";
}

function isRuntimeError(value: unknown): value is RuntimeError {
  return typeof value === "object" && value !== null && "errorType" in value && "errorMessage" in value;
}
