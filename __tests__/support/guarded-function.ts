import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readZip } from "../../packages/local-aws/lambda/read-zip";
import { zip } from "../../packaging/zip";

/**
 * The stack at `path` with something before its function that is given each event, as JavaScript, and may wait or throw. Gives
 * the path of the changed stack, which is beside the first.
 */
export async function withGuard(path: string, guard: string, folder: string): Promise<string> {
  const stack = JSON.parse(readFileSync(path, "utf8"));
  const [lambda] = Object.values<{ filename: string; source_code_hash: string }>(stack.resource.aws_lambda_function);
  if (lambda === undefined) throw new Error("Expected a function in the stack");
  const files = await readZip(readFileSync(resolve(dirname(path), lambda.filename)));
  const entries = new Map([...files].map(([name, { bytes }]) => [name === "index.js" ? "real.js" : name, bytes]));
  const index = `
    const real = require("./real.js");
    const guard = ${guard};
    exports.handler = async (event, context) => {
      await guard(event);
      return real.handler(event, context);
    };`;
  const bytes = zip(entries.set("index.js", Buffer.from(index)));
  const changed = join(folder, "function.zip");
  writeFileSync(changed, bytes);
  lambda.filename = changed;
  lambda.source_code_hash = createHash("sha256").update(bytes).digest("base64");
  const target = join(dirname(path), "guarded.tf.json");
  writeFileSync(target, JSON.stringify(stack));
  return target;
}
