import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { CredentialStore } from "../iam/credentials";
import type { Principal } from "../iam/evaluate";
import type { LambdaFunction } from "../lambda/lambda-function";
import { LAMBDA_PATH, serveLambda } from "../lambda/operations";
import type { S3Server } from "../s3/s3-server";
import type { StepFunctionsOperations } from "../step-functions/operations";
import { identifyCaller } from "./caller";
import { readJsonBody, sendError, sendJson } from "./json-service";

/** The services behind one address, as AWS_ENDPOINT_URL expects them. */
export interface AwsEndpointOptions {
  readonly s3: S3Server;
  readonly stepFunctions: StepFunctionsOperations;
  readonly functions: readonly LambdaFunction[];
  readonly credentials: CredentialStore;
  readonly authorizer: Authorizer;
}

/** Tells the services apart by what their protocols show: a target header, a dated path, or neither for S3. */
export function awsEndpoint(options: AwsEndpointOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const target = request.headers["x-amz-target"]?.toString();
    if (target === undefined && !isRest(request.url) && !isQuery(request)) return options.s3.handle(request, response);
    serve(request, response, target, options).catch((error: unknown) => sendError(response, error));
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  target: string | undefined,
  { stepFunctions, functions, credentials, authorizer }: AwsEndpointOptions,
): Promise<void> {
  const caller = knownCaller(request, credentials);
  if (target?.startsWith("AWSStepFunctions.")) {
    const operation = target.slice("AWSStepFunctions.".length);
    const body = await readJsonBody(request);
    return sendJson(response, 200, await asStepFunctions(() => stepFunctions.call(operation, body, caller)));
  }
  if (target === undefined && request.url?.startsWith(LAMBDA_PATH)) {
    return serveLambda(request, response, caller, functions, authorizer);
  }
  throw new AwsError(
    "UnknownOperationException",
    400,
    `The local runner does not serve ${target ?? request.url}; it serves S3, Step Functions and Lambda`,
  );
}

function knownCaller(request: IncomingMessage, credentials: CredentialStore): Principal {
  const caller = identifyCaller(request, credentials);
  if (!caller.known)
    throw new AwsError("UnrecognizedClientException", 403, "The security token included in the request is invalid.");
  if (caller.principal.kind === "anonymous")
    throw new AwsError("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
  return caller.principal;
}

/** Step Functions answers all its own errors with 400. */
async function asStepFunctions<Result>(call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof AwsError ? new AwsError(error.code, 400, error.message) : error;
  }
}

/** REST APIs of AWS carry a date in their path; a bucket name of that shape with more behind it is unlikely enough. */
function isRest(url: string | undefined): boolean {
  return /^\/20\d\d-\d\d-\d\d\//.test(url ?? "");
}

/** The query protocol of IAM, STS, SNS and others. */
function isQuery(request: IncomingMessage): boolean {
  return (
    request.method === "POST" &&
    request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true
  );
}
