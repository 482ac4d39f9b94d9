import type { Clause } from "@image-pipeline/iam-policy";
import { policyStatements } from "./policy-statements";
import { resourcesOfType, type StackRule } from "./stack-policy";

/** What every bucket denies, and what it is about. */
const DENIED = [
  [{ operator: "Bool", key: "aws:SecureTransport", values: ["false"] }, "without TLS"],
  [{ operator: "NumericLessThan", key: "s3:TlsVersion", values: ["1.2"] }, "with TLS older than 1.2"],
] as const;

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** Every bucket has all four public access blocks, no ACL, and a policy that denies everyone everything without TLS 1.2. */
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

  const acls = resourcesOfType(resources, "aws_s3_bucket_acl").map(
    ({ address }) => `${address}: expected access by policy alone but received an ACL`,
  );

  return [...open, ...plain, ...acls];
};

const isOnly = (clause: Clause | undefined, value: string): boolean =>
  clause?.except === false && clause.values.length === 1 && clause.values[0] === value;
