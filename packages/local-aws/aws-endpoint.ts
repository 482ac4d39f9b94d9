import type { IncomingMessage, ServerResponse } from "node:http";
import type { Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "./aws-error";
import type { Authenticator } from "./endpoint/authenticator";
import { parseJsonBody, readBody, sendError, sendJson, sendQueryError } from "./endpoint/json-service";
import type { Authorizer } from "./iam/authorizer";
import type { LambdaFunction } from "./lambda/lambda-function";
import { LAMBDA_PATH, serveLambda } from "./lambda/operations";
import type { S3Server } from "./s3/s3-server";
import type { QueueOperations } from "./sqs/operations";
import type { StepFunctionsOperations } from "./step-functions/operations";

/** The services behind one address, as AWS_ENDPOINT_URL expects them. */
export interface AwsEndpointOptions {
  readonly s3: S3Server;
  readonly stepFunctions: StepFunctionsOperations;
  readonly sqs: QueueOperations;
  readonly functions: readonly LambdaFunction[];
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
}

/** Tells the services apart by what their protocols show: a target header, a dated path, or neither for S3. */
export function awsEndpoint(options: AwsEndpointOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (isQuery(request)) return sendQueryError(response, notServed("the query protocol (STS, IAM, SNS and others)"));
    const service = calledService(request);
    if (service === "s3") return options.s3.handle(request, response);
    serve(request, response, service, options).catch((error: unknown) => sendError(response, error));
  };
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  service: JsonService | undefined,
  { stepFunctions, sqs, functions, authenticator, authorizer }: AwsEndpointOptions,
): Promise<void> {
  const body = await readBody(request);
  const target = request.headers["x-amz-target"]?.toString();
  if (service === undefined) throw notServed(target ?? signedService(request) ?? request.url ?? "/");
  const principal = authenticate(request, body, service, authenticator);
  if (service === "lambda") return serveLambda(request, body, response, principal, functions, authorizer);
  const [, operation = ""] = target?.split(".") ?? [];
  const input = parseJsonBody(body);
  const answer =
    service === "sqs"
      ? await sqs.call(operation, input, principal)
      : await asStepFunctions(() => stepFunctions.call(operation, input, principal));
  return sendJson(response, 200, answer);
}

type JsonService = "states" | "sqs" | "lambda";

/** What a target header begins with, by service. */
const TARGETS: Readonly<Record<string, JsonService>> = { AWSStepFunctions: "states", AmazonSQS: "sqs" };

/** Undefined for a service that is not here. */
function calledService(request: IncomingMessage): "s3" | JsonService | undefined {
  const target = request.headers["x-amz-target"]?.toString();
  if (target !== undefined) return TARGETS[target.split(".")[0] ?? ""];
  if (request.url?.startsWith(LAMBDA_PATH)) return "lambda";
  // Other services of AWS have paths of all shapes, and would be told of a missing bucket.
  return (signedService(request) ?? "s3") === "s3" && !hasDate(request.url) ? "s3" : undefined;
}

/** What an Authorization header says the request is for. */
function signedService({ headers }: IncomingMessage): string | undefined {
  return /Credential=[^/]*\/[^/]*\/[^/]*\/([^/,]+)/.exec(headers.authorization ?? "")?.[1];
}

function notServed(what: string): AwsError {
  const message = `The local runner does not serve ${what}; it serves S3, Step Functions, Lambda and SQS`;
  return new AwsError("UnknownOperationException", 400, message);
}

/** What S3 calls its refusals, in the words of the services with JSON protocols. */
const JSON_CODES: Readonly<Record<string, string>> = {
  // Of a signature without a date, or one that leaves out what it has to cover.
  AccessDenied: "IncompleteSignatureException",
  InvalidArgument: "IncompleteSignatureException",
  InvalidRequest: "IncompleteSignatureException",
  InvalidAccessKeyId: "UnrecognizedClientException",
  InvalidToken: "UnrecognizedClientException",
  SignatureDoesNotMatch: "InvalidSignatureException",
  AuthorizationHeaderMalformed: "InvalidSignatureException",
  AuthorizationQueryParametersError: "InvalidSignatureException",
  RequestTimeTooSkewed: "InvalidSignatureException",
};

function authenticate(
  request: IncomingMessage,
  body: Uint8Array,
  service: JsonService,
  authenticator: Authenticator,
): Principal {
  const { method = "GET", url = "/", headers } = request;
  let principal: Principal;
  try {
    principal = authenticator.authenticate({ method, url, headers }, service, body);
  } catch (error) {
    const code = error instanceof AwsError ? JSON_CODES[error.code] : undefined;
    throw error instanceof AwsError && code !== undefined ? new AwsError(code, 403, error.message) : error;
  }
  if (principal.kind === "anonymous")
    throw new AwsError("MissingAuthenticationTokenException", 403, "Missing Authentication Token");
  return principal;
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
function hasDate(url: string | undefined): boolean {
  return /^\/20\d\d-\d\d-\d\d\//.test(url ?? "");
}

/** The query protocol of IAM, STS, SNS and others, at the root, and that of SQS at the address of a queue: not of S3's buckets. */
function isQuery(request: IncomingMessage): boolean {
  return (
    request.method === "POST" &&
    /^\/(\d{12}\/[^/]+)?(\?|$)/.test(request.url ?? "/") &&
    request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true
  );
}
