/**
 * The program inside a sandbox, in the place of Lambda's own Node runtime. Node runs this file as it is (it strips the
 * types), so it imports nothing but Node and, as types, the protocol.
 * https://github.com/aws/aws-lambda-nodejs-runtime-interface-client
 */
import { existsSync } from "node:fs";
import { createRequire, flushCompileCache } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { InvokeMessage, RuntimeError, SandboxMessage } from "./sandbox-protocol.js";

type Handler = (event: unknown, context: unknown) => unknown;

/** An error whose name is one of Lambda's own. */
class LambdaRuntimeError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_RESPONSE_BYTES = 6_291_556;
const MAX_ERROR_CHARACTERS = 100_000;

let currentRequestId: string | undefined;
let hasFlushed = false;

// The runner's own, unless the function has one itself.
const [compiledFolder] = process.argv.splice(2);
if (process.env.NODE_COMPILE_CACHE === compiledFolder) delete process.env.NODE_COMPILE_CACHE;

// Lambda kills a sandbox with its host. Here the runner may be killed first, even while the function keeps this thread
// busy, so another thread looks after it.
new Worker(
  `setInterval(() => { try { process.kill(${process.ppid}, 0) } catch { process.kill(${process.pid}, "SIGKILL") } }, 500)`,
  {
    eval: true,
    execArgv: [],
    stdout: false,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 1 },
  },
).unref();
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

const send = takeChannel();
if (process.env.AWS_LAMBDA_LOG_FORMAT === "JSON") logAsJson();
process.on("uncaughtException", (error) => dieOf(error, 129));
process.on("unhandledRejection", (reason) =>
  dieOf(new LambdaRuntimeError("Runtime.UnhandledPromiseRejection", String(reason)), 128),
);

try {
  let handler = await loadHandler(process.env.LAMBDA_TASK_ROOT ?? "", process.env._HANDLER ?? "");
  const invoke = async (message: InvokeMessage) => {
    currentRequestId = message.requestId;
    if (message.environment !== undefined) handler = await loadAgain(message.environment);
    await run(handler, message);
  };
  process.on("message", (message: InvokeMessage) => {
    invoke(message).catch((error: unknown) => dieOf(error, 1));
  });
  send({ kind: "ready" });
} catch (error) {
  send({ kind: "init-error", error: describe(error) }, () => process.exit(1));
}

async function run(handler: Handler, { requestId, event, deadline, functionArn }: InvokeMessage): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), {
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: "$LATEST",
      invokedFunctionArn: functionArn,
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
      logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
      getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    });
    send({ kind: "response", requestId, payload: serialize(result), maxMemoryKb: maxMemoryKb() });
  } catch (error) {
    console.error("Invoke Error", describe(error));
    send({ kind: "error", requestId, error: describe(error), maxMemoryKb: maxMemoryKb() });
  } finally {
    currentRequestId = undefined;
    // The first invocation has compiled nearly all. A sandbox is killed in the end, when Node would not write it.
    if (!hasFlushed) setImmediate(flushCompileCache);
    hasFlushed = true;
  }
}

function serialize(result: unknown): string {
  const payload = stringify(result);
  if (Buffer.byteLength(payload) <= MAX_RESPONSE_BYTES) return payload;
  throw new LambdaRuntimeError(
    "Function.ResponseSizeTooLarge",
    `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  );
}

function stringify(result: unknown): string {
  try {
    // A function that returns nothing answers null; what JSON cannot hold at all (a symbol, a function) too.
    return JSON.stringify(result) ?? "null";
  } catch {
    throw new Error("Unable to stringify response body");
  }
}

/** `folder/file.path.to.handler`, as the runtime takes it apart: the file ends at the first dot behind the folder. */
async function loadHandler(taskRoot: string, handlerString: string): Promise<Handler> {
  const [, folder = "", file, path] = /^(.*\/)?([^./]+)\.([^/]+)$/.exec(handlerString) ?? [];
  if (file === undefined || path === undefined)
    throw new LambdaRuntimeError("Runtime.MalformedHandlerName", "Bad handler");
  let loaded: unknown;
  try {
    loaded = await loadModule(taskRoot, join(taskRoot, folder, file));
  } catch (error) {
    if (error instanceof SyntaxError) throw new LambdaRuntimeError("Runtime.UserCodeSyntaxError", String(error));
    if (error instanceof Error && "code" in error && /MODULE_NOT_FOUND$/.test(String(error.code))) {
      throw new LambdaRuntimeError("Runtime.ImportModuleError", String(error));
    }
    throw error;
  }
  const handler = path
    .split(".")
    .reduce<unknown>(
      (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
      loaded,
    );
  if (!isHandler(handler)) {
    throw new LambdaRuntimeError("Runtime.HandlerNotFound", `${handlerString} is undefined or not exported`);
  }
  // https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html: "Callback-based function handlers are only
  // supported up to Node.js 22."
  if (handler.length >= 3) {
    throw new LambdaRuntimeError(
      "Runtime.CallbackHandlerDeprecated",
      "Node.js 24 has no callback-based handlers: return a promise",
    );
  }
  return handler;
}

/** In the order of the runtime: a file of CommonJS, then an ES module. */
function loadModule(taskRoot: string, path: string): unknown {
  const require = createRequire(join(taskRoot, "/"));
  if (existsSync(`${path}.js`)) return require(path);
  if (existsSync(`${path}.mjs`)) return import(pathToFileURL(`${path}.mjs`).href);
  return require(existsSync(`${path}.cjs`) ? `${path}.cjs` : path);
}

/** Loads the function once more, its own modules all anew; what the layers have brought stays loaded. */
function loadAgain(variables: Readonly<Record<string, string>>): Promise<Handler> {
  const taskRoot = process.env.LAMBDA_TASK_ROOT ?? "";
  const { cache } = createRequire(join(taskRoot, "/"));
  for (const path of Object.keys(cache)) if (path.startsWith(join(taskRoot, "/"))) delete cache[path];
  Object.assign(process.env, variables);
  return loadHandler(taskRoot, process.env._HANDLER ?? "");
}

function isHandler(value: unknown): value is Handler {
  return typeof value === "function";
}

/** The runner's channel, out of reach of the function's code. */
function takeChannel(): (message: SandboxMessage, sent?: () => void) => void {
  const channel = process.send?.bind(process);
  if (channel === undefined) throw new Error("A sandbox is started by the local runner only");
  Reflect.deleteProperty(process, "send");
  return (message, sent) => channel(message, undefined, undefined, () => sent?.());
}

function dieOf(error: unknown, exitCode: number): void {
  const described = describe(error);
  console.error("Runtime error", described);
  const requestId = currentRequestId;
  if (requestId === undefined) process.exit(exitCode);
  send({ kind: "error", requestId, error: described, maxMemoryKb: maxMemoryKb() }, () => process.exit(exitCode));
}

function describe(error: unknown): RuntimeError {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  const [errorMessage, stack = ""] = [error.message, error.stack].map((text) => text?.slice(0, MAX_ERROR_CHARACTERS));
  return { errorType: error.name, errorMessage: errorMessage ?? "", trace: stack.split("\n") };
}

function maxMemoryKb(): number {
  return process.resourceUsage().maxRSS;
}

/** Lambda's JSON log format: one object per call, with the level and the request it belongs to. */
function logAsJson(): void {
  const levels = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" } as const;
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...items: readonly unknown[]) => {
      const [first] = items;
      const message = items.length === 1 && typeof first === "object" ? first : items.map(asText).join(" ");
      const line = { timestamp: new Date().toISOString(), level, requestId: currentRequestId, message };
      process.stdout.write(`${JSON.stringify(line)}\n`);
    });
  }
}

function asText(item: unknown): string {
  return typeof item === "string" ? item : (JSON.stringify(item) ?? String(item));
}
