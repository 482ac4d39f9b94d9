import { policyStatements } from "./policy-statements";
import { resourcesOfType, type StackRule } from "./stack-policy";

const BLOCKS = ["block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"];

/** Every bucket has all four public access blocks and a policy that allows nothing to everyone and nothing without TLS. */
export const privateBuckets: StackRule = (resources) => {
  const blocks = resourcesOfType(resources, "aws_s3_bucket_public_access_block");
  const open = resourcesOfType(resources, "aws_s3_bucket").flatMap(({ address }) => {
    const block = blocks.find(({ attributes }) => attributes.bucket === `\${${address}.id}`);
    return BLOCKS.filter((field) => block?.attributes[field] !== true).map(
      (field) =>
        `${address}: expected a public access block with ${field} = true but received ${block?.attributes[field]}`,
    );
  });

  const tlsOnly = new Set(
    policyStatements(resources)
      .filter(({ effect, principal, actions }) => effect === "Deny" && principal === "*" && actions.includes("s3:*"))
      .flatMap((statement) => statement.resources),
  );
  const plain = resourcesOfType(resources, "aws_s3_bucket")
    .filter(({ address }) => !tlsOnly.has(`\${${address}.arn}/*`))
    .map(({ address }) => `${address}: expected a bucket policy that denies every request without TLS but found none`);

  const everyone = policyStatements(resources)
    .filter(({ address, effect }) => address.startsWith("aws_s3_bucket_policy.") && effect !== "Deny")
    .filter(({ principal }) => JSON.stringify(principal ?? "*").includes('"*"'))
    .map(({ address }) => `${address}: expected named principals but received an Allow for everyone`);

  const acls = resourcesOfType(resources, "aws_s3_bucket_acl").map(
    ({ address }) => `${address}: expected access by policy alone but received an ACL`,
  );

  return [...open, ...plain, ...everyone, ...acls];
};
