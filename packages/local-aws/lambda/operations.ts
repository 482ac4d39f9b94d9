import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import { sendJson } from "../endpoint/json-service";
import type { Authorizer } from "../iam/authorizer";
import { referredFunction } from "../stack/function-reference";
import type { LambdaFunction } from "./lambda-function";

/** What is served of a function. */
export type ServedFunction = Pick<LambdaFunction, "resource" | "invoke">;

/** Paths of Lambda's REST API begin with the date of its version. */
export const LAMBDA_PATH = "/2015-03-31/";

/** The operations that are served: what a request asks of a function, and the operation of Lambda that it is. */
export const LAMBDA_OPERATIONS = { "POST /invocations": "Invoke", GET: "GetFunction" } as const;

const ACTIONS = { Invoke: "lambda:InvokeFunction", GetFunction: "lambda:GetFunction" } as const;

/** Serves requests about functions. @throws AwsError as Lambda would answer */
export async function serveLambda(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  principal: Principal,
  functions: readonly ServedFunction[],
  authorizer: Authorizer,
): Promise<void> {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://lambda");
  const [, name = "", path] = /^\/2015-03-31\/functions\/([^/]+)(\/invocations)?$/.exec(pathname) ?? [];
  const called = operationOf(`${request.method} ${path ?? ""}`.trim());
  if (name === "" || called === undefined) {
    throw new AwsError(
      "UnknownOperationException",
      404,
      `The local runner does not serve ${request.method} ${request.url}; of Lambda it serves ${Object.values(LAMBDA_OPERATIONS).join(" and ")}`,
    );
  }
  const qualifier = searchParams.get("Qualifier") ?? undefined;
  const { arn, target } = referredFunction(functions, decodeURIComponent(name), qualifier);
  authorizer.require(principal, ACTIONS[called], arn);
  if (target === undefined) throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${arn}`);
  if (called === "GetFunction") return sendJson(response, 200, describe(target));
  await invoke(request, body, response, target);
}

function operationOf(asked: string): keyof typeof ACTIONS | undefined {
  return asked === "GET" || asked === "POST /invocations" ? LAMBDA_OPERATIONS[asked] : undefined;
}

async function invoke(
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
  target: ServedFunction,
): Promise<void> {
  const type = request.headers["x-amz-invocation-type"] ?? "RequestResponse";
  if (type !== "RequestResponse")
    throw new AwsError(
      "InvalidParameterValueException",
      400,
      `The local runner serves only invocations of type RequestResponse, not ${type}`,
    );
  const logType = request.headers["x-amz-log-type"] ?? "None";
  if (logType !== "None")
    throw new AwsError(
      "InvalidParameterValueException",
      400,
      `The local runner serves no logs with an invocation (LogType ${logType}); it prints them where it was started`,
    );
  const event = body.toString("utf8") || "{}";
  try {
    JSON.parse(event);
  } catch (error) {
    throw new AwsError(
      "InvalidRequestContentException",
      400,
      `Could not parse request body into json: ${error instanceof Error ? error.message : error}`,
    );
  }
  const result = await target.invoke(event);
  response.writeHead(200, {
    "content-type": "application/json",
    "x-amzn-requestid": result.requestId,
    "x-amz-executed-version": "$LATEST",
    ...(result.functionError && { "x-amz-function-error": result.functionError }),
  });
  response.end(result.payload);
}

function describe({ resource }: ServedFunction): object {
  return {
    Configuration: {
      FunctionName: resource.name,
      FunctionArn: resource.arn,
      Runtime: resource.runtime,
      Role: resource.role.arn,
      Handler: resource.handler,
      Timeout: resource.timeoutSeconds,
      MemorySize: resource.memoryMb,
      Environment: { Variables: resource.environment },
      Layers: resource.layers.map((layer) => ({ Arn: layer.arn })),
      LoggingConfig: { LogFormat: resource.logFormat, LogGroup: resource.logGroup },
      PackageType: "Zip",
      State: "Active",
      LastUpdateStatus: "Successful",
      Version: "$LATEST",
    },
    ...(resource.reservedConcurrency !== undefined && {
      Concurrency: { ReservedConcurrentExecutions: resource.reservedConcurrency },
    }),
  };
}
