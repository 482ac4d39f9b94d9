import type { PolicyDocument } from "@image-pipeline/iam-policy";
import { UnsupportedError } from "../unsupported-error";
import type { Block } from "./block";
import type { LambdaIntegration, Route, StartExecutionIntegration } from "./http-api-resource";
import { roleByArn } from "./read-roles";
import type { Role } from "./role";
import type { FunctionResource } from "./stack-model";

/** A function of the stack, and what its permissions allow to services. */
export interface InvokableFunction extends Pick<FunctionResource, "arn"> {
  readonly policy?: PolicyDocument;
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const MIN_TIMEOUT_MS = 50;
const MAX_TIMEOUT_MS = 30_000;

/** What is behind a route: a state machine to start, or a function that answers. */
export function readIntegration(
  block: Block,
  roles: ReadonlyMap<string, Role>,
  functions: readonly InvokableFunction[],
): Route["integration"] {
  const kind = `${block.string("integration_type")} ${block.optionalString("integration_subtype") ?? ""}`.trim();
  if (kind !== "AWS_PROXY StepFunctions-StartExecution" && kind !== "AWS_PROXY") {
    const expected = "AWS_PROXY of a function or AWS_PROXY StepFunctions-StartExecution";
    throw new UnsupportedError(block.address, `expected ${expected} but received ${kind}`);
  }
  const timeoutMs = block.optionalWhole("timeout_milliseconds", MIN_TIMEOUT_MS, MAX_TIMEOUT_MS) ?? MAX_TIMEOUT_MS;
  const integration =
    kind === "AWS_PROXY" ? readLambda(block, roles, functions, timeoutMs) : readStartExecution(block, roles);
  block.withoutLocalMeaning("description");
  block.end();
  return integration;
}

/** Starting an execution takes no time here that could run out. */
function readStartExecution(block: Block, roles: ReadonlyMap<string, Role>): StartExecutionIntegration {
  expectFormat(block, "1.0");
  return {
    kind: "StartExecution",
    role: roleByArn(roles, block.string("credentials_arn"), block.address),
    requestParameters: block.stringMap("request_parameters"),
  };
}

function readLambda(
  block: Block,
  roles: ReadonlyMap<string, Role>,
  functions: readonly InvokableFunction[],
  timeoutMs: number,
): LambdaIntegration {
  expectFormat(block, "2.0");
  // "For Lambda proxy integrations the method is POST", whatever the route's is.
  block.optionalOneOf("integration_method", ["POST"]);
  const uri = block.string("integration_uri");
  const fn = functions.find(({ arn }) => uri === arn || uri.endsWith(`/functions/${arn}/invocations`));
  if (fn === undefined)
    throw new UnsupportedError(
      block.address,
      `expected invoke_arn or arn of a function of the stack for integration_uri but received ${uri}`,
    );
  const roleArn = block.optionalString("credentials_arn");
  return {
    kind: "Lambda",
    functionArn: fn.arn,
    timeoutMs,
    ...(fn.policy && { policy: fn.policy }),
    ...(roleArn !== undefined && { role: roleByArn(roles, roleArn, block.address) }),
  };
}

function expectFormat(block: Block, expected: string): void {
  const version = block.optionalString("payload_format_version") ?? "1.0";
  if (version !== expected)
    throw new UnsupportedError(block.address, `expected payload_format_version ${expected} but received ${version}`);
}
