import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parsePolicy } from "@image-pipeline/iam-policy";
import { strToU8, zipSync } from "fflate";
import { Authorizer } from "../../iam/authorizer";
import { CredentialStore } from "../../iam/credentials";
import { codeFolders, unpack } from "../../lambda/function-code";
import { LambdaFunction } from "../../lambda/lambda-function";
import { SandboxQueue } from "../../lambda/sandbox-queue";
import type { FunctionResource } from "../../stack/stack-model";
import { aFunctionResource } from "./a-function-resource";

const TRUST = parsePolicy(
  {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  },
  "trust",
  "trust",
);
const PLACE = { region: "eu-central-1", accountId: "111111111111" };

const MODULE = "export const handler = async () => 'from a module'; export const nested = { handler }";

/** A Lambda function of one file, unpacked into a folder, and the lines it logs. */
export async function functionOf(code: string, folder: string, name: string, more: Partial<FunctionResource> = {}) {
  const zipPath = join(folder, `${name}.zip`);
  await writeFile(zipPath, zipSync({ "index.js": strToU8(code), "module.mjs": strToU8(MODULE) }));
  const role = { ...aFunctionResource().role, trust: TRUST };
  const resource = aFunctionResource({ role, zipPath, ...more });
  const log: string[] = [];
  const folders = codeFolders(join(folder, name));
  await unpack(resource, folders);
  const fn = new LambdaFunction(resource, folders, {
    ...PLACE,
    awsUrl: "http://127.0.0.1:1",
    authorizer: new Authorizer(PLACE, () => {}),
    credentials: new CredentialStore(PLACE.accountId),
    queue: new SandboxQueue(4),
    // Some of them write without end.
    log: (_part, text) => {
      if (log.length < 20) log.push(text.slice(0, 300));
    },
  });
  return { fn, log };
}
