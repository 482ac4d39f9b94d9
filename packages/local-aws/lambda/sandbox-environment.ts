import { randomUUID } from "node:crypto";
import { delimiter, join } from "node:path";
import type { Credentials } from "../iam/credentials";
import type { FunctionResource } from "../stack/stack-model";
import type { FunctionCode } from "./function-code";

/**
 * The environment of a sandbox: what Lambda sets and what the stack sets, nothing of this machine's own.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function sandboxEnvironment(
  resource: Pick<
    FunctionResource,
    "name" | "runtime" | "handler" | "environment" | "memoryMb" | "logGroup" | "logFormat"
  >,
  code: FunctionCode,
  credentials: Credentials,
  place: { readonly region: string; readonly awsUrl: string },
): Readonly<Record<string, string>> {
  const { layerFolder } = code;
  return {
    // Not reserved: a function may have its own.
    LANG: "en_US.UTF-8",
    LD_LIBRARY_PATH: [join(layerFolder, "lib"), code.taskFolder, join(code.taskFolder, "lib")].join(delimiter),
    NODE_PATH: [
      join(layerFolder, "nodejs", "node24", "node_modules"),
      join(layerFolder, "nodejs", "node_modules"),
    ].join(delimiter),
    PATH: ["/usr/local/bin", "/usr/bin", "/bin", join(layerFolder, "bin")].join(delimiter),
    TZ: ":UTC",
    ...resource.environment,
    _HANDLER: resource.handler,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    // The only variable that AWS does not set: it leads every SDK client to this machine.
    AWS_ENDPOINT_URL: place.awsUrl,
    AWS_DEFAULT_REGION: place.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${resource.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(resource.memoryMb),
    AWS_LAMBDA_FUNCTION_NAME: resource.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_FORMAT: resource.logFormat,
    AWS_LAMBDA_LOG_GROUP_NAME: resource.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: `${new Date().toISOString().slice(0, 10).replaceAll("-", "/")}/[$LATEST]${randomUUID().replaceAll("-", "")}`,
    AWS_REGION: place.region,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LAMBDA_TASK_ROOT: code.taskFolder,
  };
}
