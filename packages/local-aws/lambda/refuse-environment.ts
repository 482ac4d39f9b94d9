import type { FunctionResource } from "../stack/stack-model";
import { UnsupportedError } from "../unsupported-error";

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_ENVIRONMENT_BYTES = 4096;

// "You can't set these": https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(DEFAULT_REGION|REGION|EXECUTION_ENV|ACCESS_KEY|ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)|AWS_LAMBDA_(FUNCTION_NAME|FUNCTION_MEMORY_SIZE|FUNCTION_VERSION|INITIALIZATION_TYPE|LOG_GROUP_NAME|LOG_STREAM_NAME|RUNTIME_API)|LAMBDA_TASK_ROOT|LAMBDA_RUNTIME_DIR)$/;

/** Refuses environment variables that Lambda would refuse when the function is created. */
export function refuseEnvironment({ address, environment }: Pick<FunctionResource, "address" | "environment">): void {
  for (const name of Object.keys(environment)) {
    if (RESERVED.test(name))
      throw new UnsupportedError(address, `the environment variable ${name} is reserved by Lambda`);
    if (!/^[a-zA-Z]\w+$/.test(name)) {
      throw new UnsupportedError(
        address,
        `expected letters, digits and _ for the name of an environment variable but received "${name}"`,
      );
    }
  }
  // Lambda measures the JSON text: "exceeded the 4KB limit. String measured: {...}".
  const bytes = Buffer.byteLength(JSON.stringify(environment));
  if (bytes > MAX_ENVIRONMENT_BYTES) {
    throw new UnsupportedError(
      address,
      `expected environment variables of at most ${MAX_ENVIRONMENT_BYTES} bytes as JSON but received ${bytes}`,
    );
  }
}
