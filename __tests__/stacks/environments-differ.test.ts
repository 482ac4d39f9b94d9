import { dev } from "../../environments/dev";
import type { Environment } from "../../environments/environment";
import { prod } from "../../environments/prod";
import { pipelineStack, terraformOf, withApp } from "../support/synthesized";

/** Every value of the Terraform JSON of an environment by its path, with the environment's own names taken out. */
function valuesOf(environment: Environment): ReadonlyMap<string, unknown> {
  const terraform = JSON.stringify(withApp((app) => terraformOf(pipelineStack(app, environment))))
    .replaceAll(environment.originalBucketName, "<original>")
    .replaceAll(environment.resizedBucketName, "<resized>")
    .replaceAll(environment.accountId, "<account>")
    .replaceAll(new RegExp(`-${environment.name}\\b`, "g"), "-<name>");
  return new Map(leaves(JSON.parse(terraform), []));
}

function leaves(value: unknown, path: readonly string[]): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path.join(" "), value]];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, [...path, key]));
}

/** Where each field that has another value in prod decides something; ids are without their hash. */
const DECIDED_BY: Readonly<Record<string, readonly string[]>> = {
  name: ["aws_apigatewayv2_stage api_named-stage name"],
  reservedConcurrency: ["aws_lambda_function resize_function reserved_concurrent_executions"],
  functionMemoryMb: ["aws_lambda_function resize_function memory_size"],
  cacheControl: ["aws_lambda_function resize_function environment variables CACHE_CONTROL"],
  logRetentionDays: ["api_logs", "resize_logs", "workflow_logs"].map(
    (id) => `aws_cloudwatch_log_group ${id} retention_in_days`,
  ),
  deletionProtection: ["original_bucket", "resized_bucket"].flatMap((id) => [
    `aws_s3_bucket ${id} force_destroy`,
    `aws_s3_bucket ${id} lifecycle prevent_destroy`,
  ]),
  noncurrentVersionDays: ["original_lifecycle", "resized_lifecycle"].map(
    (id) => `aws_s3_bucket_lifecycle_configuration ${id} rule 1 noncurrent_version_expiration 0 noncurrent_days`,
  ),
  apiThrottle: ["api_default-stage", "api_named-stage"].flatMap((id) => [
    `aws_apigatewayv2_stage ${id} default_route_settings throttling_burst_limit`,
    `aws_apigatewayv2_stage ${id} default_route_settings throttling_rate_limit`,
  ]),
  cors: ["allow_headers 0", "allow_methods 0", "allow_origins 0", "max_age"].map(
    (field) => `aws_apigatewayv2_api api cors_configuration ${field}`,
  ),
  tags: ["provider aws 0 default_tags 0 tags environment"],
};

it("dev and prod differ where their data says so and nowhere else", () => {
  const [inDev, inProd] = [valuesOf(dev), valuesOf(prod)];
  const differing = [...new Set([...inDev.keys(), ...inProd.keys()])]
    .filter((path) => inDev.get(path) !== inProd.get(path))
    .map((path) => path.replace(/^resource /, "").replace(/_[0-9A-F]{8}\b/, ""));
  expect(differing.sort()).toEqual(Object.values(DECIDED_BY).flat().sort());
});
