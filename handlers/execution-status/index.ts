import { DescribeExecutionCommand, ExecutionDoesNotExist, InvalidArn, SFNClient } from "@aws-sdk/client-sfn";
import type { StatusFunctionEnvironment } from "./config";
import { executionStatus } from "./execution-status";

const executions = executionsOf(process.env);
const stepFunctions = new SFNClient({});

/** The part of API Gateway's request (payload format 2.0) the function looks at. */
interface Request {
  readonly pathParameters?: { readonly name?: string };
}

/** Lambda entry: answers `GET /executions/{name}`. What it cannot ask is thrown, and API Gateway answers 500. */
export async function handler(request: Request): Promise<object> {
  const name = request.pathParameters?.name ?? "";
  try {
    const described = await stepFunctions.send(new DescribeExecutionCommand({ executionArn: `${executions}:${name}` }));
    return answer(200, executionStatus(described));
  } catch (error) {
    if (!(error instanceof ExecutionDoesNotExist || error instanceof InvalidArn)) throw error;
    return answer(404, { message: `Expected the name of an execution but received ${JSON.stringify(name)}` });
  }
}

function answer(statusCode: number, body: object): object {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode, headers, body: JSON.stringify(body) };
}

/** `arn:aws:states:<region>:<account>:execution:<machine>`, with a name behind it the ARN of an execution. */
function executionsOf(variables: NodeJS.ProcessEnv): string {
  const machine = variables["STATE_MACHINE_ARN" satisfies keyof StatusFunctionEnvironment];
  if (!machine) throw new Error("Expected the environment variable STATE_MACHINE_ARN but it is not set");
  return machine.replace(":stateMachine:", ":execution:");
}
