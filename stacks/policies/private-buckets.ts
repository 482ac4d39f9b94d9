import type { Clause, Condition } from "@image-pipeline/iam-policy";
import { policyStatements } from "./policy-statements";
import { resourcesOfType, type StackRule } from "./stack-policy";

/** What every bucket denies, and what it is about. */
const DENIED = [
  [{ operator: "Bool", key: "aws:SecureTransport", values: ["false"] }, "without TLS"],
  [{ operator: "NumericLessThan", key: "s3:TlsVersion", values: ["1.2"] }, "with TLS older than 1.2"],
] as const;

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** What keeps a service to the resource, or at least the account, that it is let in for. */
const SOURCE_KEYS = ["aws:sourcearn", "aws:sourceaccount"];

/**
 * Every bucket has all four public access blocks, no ACL, and a policy that denies everyone everything without TLS 1.2. A
 * policy that lets a service in says for whom: the same service asks for every other customer of AWS.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
 */
export const privateBuckets: StackRule = (resources) => {
  const blocks = resourcesOfType(resources, "aws_s3_bucket_public_access_block");
  const open = resourcesOfType(resources, "aws_s3_bucket").flatMap(({ address }) => {
    const block = blocks.find(({ attributes }) => attributes.bucket === `\${${address}.id}`);
    return BLOCKS.filter((field) => block?.attributes[field] !== true).map(
      (field) =>
        `${address}: expected a public access block with ${field} = true but received ${block?.attributes[field]}`,
    );
  });

  const denials = policyStatements(resources).filter(
    ({ effect, principals, actions }) =>
      effect === "Deny" && isOnly(principals, "*") && !actions.except && actions.values.includes("s3:*"),
  );
  const plain = DENIED.flatMap(([condition, requests]) => {
    const closed = new Set(
      denials
        .filter(({ conditions }) => JSON.stringify(conditions) === JSON.stringify([condition]))
        .flatMap(({ resources }) => (resources?.except === false ? resources.values : [])),
    );
    return resourcesOfType(resources, "aws_s3_bucket")
      .filter(({ address }) => !closed.has(`\${${address}.arn}/*`))
      .map(
        ({ address }) => `${address}: expected a bucket policy that denies every request ${requests} but found none`,
      );
  });

  const lent = policyStatements(resources)
    .filter(({ address }) => address.startsWith("aws_s3_bucket_policy."))
    .filter(({ effect, principals }) => effect === "Allow" && principals?.values.some(isService))
    .filter(({ conditions }) => !conditions.some(namesTheSource))
    .map(({ address }) => `${address}: expected aws:SourceArn where a service is let in but received any source`);

  const acls = resourcesOfType(resources, "aws_s3_bucket_acl").map(
    ({ address }) => `${address}: expected access by policy alone but received an ACL`,
  );

  return [...open, ...plain, ...lent, ...acls];
};

const isOnly = (clause: Clause | undefined, value: string): boolean =>
  clause?.except === false && clause.values.length === 1 && clause.values[0] === value;

const isService = (principal: string): boolean => principal.startsWith("Service ");

/** By equality with fixed values; `StringLike` and what may be absent leave others in. */
const namesTheSource = ({ operator, key, values }: Condition): boolean =>
  /^(String|Arn)Equals$/.test(operator) &&
  SOURCE_KEYS.includes(key.toLowerCase()) &&
  values.every((value) => !/[*?]/.test(value));
