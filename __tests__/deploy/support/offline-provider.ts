import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

// The newest that AWS provider 5 knows.
const RUNTIME_OF_OLDER_PROVIDERS = "nodejs22.x";

/**
 * Where the registry is out of reach, `OFFLINE_AWS_PROVIDER_VERSION` names the provider that Terraform can find here
 * (`TF_CLI_CONFIG_FILE` says where), which may be older than the pinned one. An override file changes the version, and
 * the runtime and the argument that it does not know yet; Terraform merges it over the stack's own file, which stays as it was synthesized.
 * https://developer.hashicorp.com/terraform/language/files/override
 */
export function writeOfflineOverride(stackFolder: string): void {
  const version = process.env.OFFLINE_AWS_PROVIDER_VERSION;
  if (version === undefined) return;
  const { resource = {} } = JSON.parse(readFileSync(join(stackFolder, "cdk.tf.json"), "utf8"));
  const each = (type: string, attributesOf: (attributes: Record<string, unknown>) => unknown) =>
    resource[type] && {
      [type]: Object.fromEntries(Object.keys(resource[type]).map((name) => [name, attributesOf(resource[type][name])])),
    };
  const older = {
    ...each("aws_lambda_function", () => ({ runtime: RUNTIME_OF_OLDER_PROVIDERS })),
    ...each("aws_lambda_layer_version", () => ({ compatible_runtimes: [RUNTIME_OF_OLDER_PROVIDERS] })),
    // A block in an override file takes the place of all blocks of its type.
    ...each("aws_s3_bucket_server_side_encryption_configuration", ({ rule }) => ({ rule: encryptionRule(rule) })),
  };
  const override = {
    terraform: { required_providers: { aws: { source: "aws", version } } },
    // Terraform takes no empty block.
    ...(Object.keys(older).length > 0 && { resource: older }),
  };
  writeFileSync(join(stackFolder, "offline_override.tf.json"), JSON.stringify(override, undefined, 2));
}

/** Before 6.22 there was no `blocked_encryption_types`. */
function encryptionRule(rules: unknown): unknown {
  const without = (name: string, value: unknown) => (name === "blocked_encryption_types" ? undefined : value);
  return JSON.parse(JSON.stringify(rules, without));
}
