/**
 * Runs small functions that fail in every way a function can, each as a zip in real sandboxes. Prints one JSON object:
 * by name, how the invocations ended.
 */
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { removeCodeFolder } from "../../code-folder";
import type { FunctionResource } from "../../stack/stack-model";
import { functionOf } from "./function-of";

/** The handlers, and how each is called: one event per invocation, in order, unless `atOnce`. */
const FUNCTIONS: Readonly<
  Record<string, { code: string; events?: readonly string[]; atOnce?: boolean; more?: Partial<FunctionResource> }>
> = {
  returns: { code: "exports.handler = async (event) => ({ got: event })", events: ['{"a":1}'] },
  "returns nothing": { code: "exports.handler = async () => {}" },
  "stays warm": { code: "let calls = 0; exports.handler = async () => ++calls", events: ["1", "2"] },
  throws: { code: 'exports.handler = async () => { throw new TypeError("boom") }' },
  "throws and goes on": {
    code: "let calls = 0; exports.handler = async () => { if (++calls === 1) throw new Error('once'); return calls }",
    events: ["1", "2"],
  },
  "throws text": { code: 'exports.handler = async () => { throw "text" }' },
  exits: { code: "exports.handler = async () => process.exit(0)" },
  "exits with 3": { code: "exports.handler = async () => process.exit(3)" },
  "exits and comes back": {
    code: "exports.handler = async (event) => event.die ? process.exit(1) : 'alive'",
    events: ['{"die":true}', "{}"],
  },
  "is killed": {
    code: 'exports.handler = async () => { process.kill(process.pid, "SIGKILL"); await new Promise(() => {}) }',
  },
  "rejects unheard": {
    code: 'exports.handler = () => { Promise.reject(new Error("unheard")); return new Promise((r) => setTimeout(r, 1000)) }',
  },
  "throws in a timer": {
    code: 'exports.handler = () => { setTimeout(() => { throw new RangeError("late") }, 1); return new Promise((r) => setTimeout(r, 1000)) }',
  },
  "takes too long": {
    code: "exports.handler = () => new Promise((r) => setTimeout(r, 60000))",
    more: { timeoutSeconds: 1 },
  },
  "spins for ever": { code: "exports.handler = () => { for (;;); }", more: { timeoutSeconds: 1 } },
  "runs out of memory": {
    code: "exports.handler = () => { const kept = []; for (;;) kept.push(new Array(1e5).fill(Math.random())) }",
    more: { memoryMb: 128, timeoutSeconds: 30 },
  },
  "runs out of memory outside of V8": {
    code: "const kept = []; exports.handler = async () => { for (;;) { kept.push(Buffer.alloc(16e6, 1)); await new Promise((r) => setTimeout(r, 5)) } }",
    more: { memoryMb: 256, timeoutSeconds: 30 },
  },
  "returns a circle": { code: "exports.handler = async () => { const a = {}; a.a = a; return a }" },
  "returns 7 MB": { code: 'exports.handler = async () => "x".repeat(7e6)' },
  "gets 7 MB": { code: "exports.handler = async () => 1", events: [JSON.stringify("x".repeat(7e6))] },
  "throws 10 MB": { code: 'exports.handler = async () => { throw new Error("x".repeat(1e7)) }' },
  "writes without end": {
    code: 'exports.handler = () => { for (;;) process.stdout.write("x".repeat(1e6)) }',
    more: { timeoutSeconds: 1 },
  },
  "abuses the channel": {
    code: 'exports.handler = async () => { for (const text of ["null", "1", \'{"kind":"response"}\', "{}"]) process.channel?.writeUtf8String?.({}, text + "\\n"); return "done" }',
  },
  "misses a module": { code: 'require("left-pad"); exports.handler = async () => 1' },
  "has no handler": { code: "exports.other = async () => 1" },
  "has a broken handler name": { code: "exports.handler = async () => 1", more: { handler: "index" } },
  "is an ES module": { code: "", more: { handler: "module.handler" } },
  "is a member of a member": { code: "", more: { handler: "module.nested.handler" } },
  "is no JavaScript": { code: "exports.handler = async () => {" },
  "throws at start": { code: 'throw new Error("no config")' },
  "takes a callback": { code: "exports.handler = (event, context, callback) => callback(null, 1)" },
  "requires an ES module": { code: 'require("./module.mjs"); exports.handler = async () => 1' },
  "leaves what it compiled": {
    code: `
      const { existsSync, readdirSync } = require("node:fs");
      const folder = require("node:module").getCompileCacheDir();
      const seen = process.argv.length > 2 || "NODE_COMPILE_CACHE" in process.env;
      exports.handler = async () => [existsSync(folder) && readdirSync(folder).length > 0, seen];`,
    events: ["1", "2"],
  },
  "shows its environment": {
    code: "exports.handler = async () => Object.keys(process.env).sort()",
    more: { environment: { OWN: "1" } },
  },
  "shows its context": {
    code: "exports.handler = async (event, { getRemainingTimeInMillis, ...context }) => ({ ...context, remaining: getRemainingTimeInMillis() })",
  },
  "finds a layer": { code: 'exports.handler = async () => require("from-layer")' },
  "reserves one": {
    code: "exports.handler = () => new Promise((r) => setTimeout(r, 300, 'done'))",
    events: ["1", "2"],
    atOnce: true,
    more: { reservedConcurrency: 1 },
  },
  "works twice at once": {
    code: "exports.handler = () => new Promise((r) => setTimeout(r, 300, process.pid))",
    events: ["1", "2"],
    atOnce: true,
  },
};

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "sandbox-trials-"));
  const layerZip = join(folder, "layer.zip");
  await writeFile(
    layerZip,
    zipSync({ "nodejs/node_modules/from-layer/index.js": strToU8("module.exports = 'layer'") }),
  );
  const results: Record<string, unknown> = {};
  const work = Object.entries(FUNCTIONS).map(([name, trial]) => async () => {
    results[name] = await invoke(name, trial, folder, layerZip);
  });
  const take = async () => {
    for (let next = work.shift(); next; next = work.shift()) await next();
  };
  await Promise.all([take(), take(), take()]);
  await removeCodeFolder(folder);
  console.log(JSON.stringify(results));
}

async function invoke(
  name: string,
  trial: (typeof FUNCTIONS)[string],
  folder: string,
  layerZip: string,
): Promise<unknown> {
  const layers = [{ address: "aws_lambda_layer_version.l", arn: "l", zipPath: layerZip }];
  const { fn, log } = await functionOf(trial.code, folder, name, { layers, ...trial.more });
  const call = (event: string) =>
    fn.invoke(event, "id").then(
      ({ payload, functionError }) => ({
        payload: payload.length > 1e6 ? payload.length : JSON.parse(payload),
        functionError,
      }),
      (error: Error) => ({ refused: "code" in error ? error.code : error.name, message: error.message }),
    );
  const events = trial.events ?? ["{}"];
  const results: unknown[] = [];
  if (trial.atOnce) results.push(...(await Promise.all(events.map(call))));
  else for (const event of events) results.push(await call(event));
  await fn.stop();
  return { results, log };
}

main().then(
  // When all is written: a pipe may not have taken it yet.
  () => process.stdout.write("", () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
