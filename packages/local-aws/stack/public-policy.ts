import { isIP } from "node:net";
import type { Statement } from "@image-pipeline/iam-policy";

// Of the keys this runner knows, those that keep a statement from being public when they have fixed values:
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
const NARROWING_KEYS = new Set([
  "aws:principalaccount",
  "aws:principalarn",
  "aws:sourceaccount",
  "aws:sourcearn",
  "aws:sourceip",
]);
const NARROWING_OPERATOR = /^(StringEquals|StringLike|ArnEquals|ArnLike|IpAddress)$/;

/** Whether S3 calls a statement public: it allows everyone, and no condition narrows that to fixed callers. */
export function isPublic({ effect, principals, conditions }: Statement): boolean {
  if (effect !== "Allow" || !principals?.values.includes("*")) return false;
  return !conditions.some(
    ({ operator, key, values }) =>
      NARROWING_OPERATOR.test(operator) &&
      NARROWING_KEYS.has(key.toLowerCase()) &&
      values.every((value) => (operator === "IpAddress" ? isNarrow(value) : !/[*?]|\$\{/.test(value))),
  );
}

/** "ranges ... /8 ... /32": wider ones are public, says the page above ("The meaning of public"). */
function isNarrow(range: string): boolean {
  const [network = "", length] = range.split("/");
  return length === undefined || Number(length) >= (isIP(network) === 4 ? 8 : 32);
}
