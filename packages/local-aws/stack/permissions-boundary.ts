import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type PolicyDocument, parsePolicy } from "@image-pipeline/iam-policy";
import { isJsonObject, type JsonObject, parseJson } from "../json";
import { UnsupportedError } from "../unsupported-error";
import { Block } from "./block";

/**
 * The policy that bounds a role. It belongs to the account and not to the pipeline, so it is looked for in the stacks
 * synthesized beside this one, where the account's bootstrap stack is.
 * @throws UnsupportedError when no stack makes it: what it would take away cannot be known then
 */
export function readBoundary(arn: string, usedBy: string, stackFolder: string): PolicyDocument {
  const stacks = dirname(stackFolder);
  for (const stack of siblings(stacks)) {
    const { aws_iam_policy: policies } = isJsonObject(stack.resource) ? stack.resource : {};
    for (const [name, policy] of Object.entries(isJsonObject(policies) ? policies : {})) {
      const block = new Block(`aws_iam_policy.${name}`, isJsonObject(policy) ? policy : {});
      const isIt = allowedAccounts(stack).some((id) => arn === `arn:aws:iam::${id}:policy/${block.string("name")}`);
      if (isIt) return parsePolicy(block.jsonText("policy"), block.address, "identity");
    }
  }
  throw new UnsupportedError(
    usedBy,
    `expected the permissions boundary ${arn} to be made by one of the stacks in ${stacks}, but none of them makes it`,
  );
}

function siblings(stacks: string): readonly JsonObject[] {
  return readdirSync(stacks).flatMap((name) => {
    let text: string;
    try {
      text = readFileSync(join(stacks, name, "cdk.tf.json"), "utf8");
    } catch {
      return []; // Not a stack.
    }
    const stack = parseJson(text);
    return isJsonObject(stack) ? [stack] : [];
  });
}

function allowedAccounts({ provider }: JsonObject): readonly string[] {
  const { aws } = isJsonObject(provider) ? provider : {};
  const [first] = Array.isArray(aws) ? aws : [aws ?? null];
  const accounts = isJsonObject(first) ? first.allowed_account_ids : undefined;
  return Array.isArray(accounts) ? accounts.filter((id) => typeof id === "string") : [];
}
