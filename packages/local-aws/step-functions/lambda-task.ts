import type { Principal } from "@image-pipeline/iam-policy";
import { type TaskCall, TaskError } from "@image-pipeline/state-machine";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import { isJsonObject, type Json, parseJson } from "../json";
import { referredFunction } from "../stack/function-reference";
import type { InvokeResult, RunningFunction } from "../stack/running";

/**
 * Runs a Task: `arn:aws:states:::lambda:invoke` or a function by its ARN. Asks IAM as the machine's role, invokes, and
 * turns every way to fail into the error name Step Functions gives it. Returns the result as JSON text.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export async function invokeLambdaTask(
  { resource, input }: TaskCall,
  principal: Principal,
  functions: readonly RunningFunction[],
  authorizer: Authorizer,
): Promise<string> {
  if (resource.kind === "function") {
    return (await invoke(resource.functionArn, input, principal, functions, authorizer)).payload;
  }
  const { FunctionName: functionName, Payload: payload = {} } = isJsonObject(input) ? input : {};
  const result = await invoke(String(functionName), payload, principal, functions, authorizer);
  const headers = headersOf(result);
  return JSON.stringify({
    ExecutedVersion: "$LATEST",
    Payload: parseJson(result.payload),
    SdkHttpMetadata: {
      AllHttpHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
      HttpHeaders: headers,
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: result.requestId },
    StatusCode: 200,
  });
}

async function invoke(
  reference: string,
  payload: Json,
  principal: Principal,
  functions: readonly RunningFunction[],
  authorizer: Authorizer,
): Promise<InvokeResult> {
  const { arn, target } = referredFunction(functions, reference);
  try {
    authorizer.require(principal, "lambda:InvokeFunction", arn);
    if (target === undefined) {
      const qualified = /:function:[^:]+:/.test(arn) ? arn : `${arn}:$LATEST`;
      throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${qualified}`);
    }
    const result = await target.invoke(JSON.stringify(payload));
    if (result.functionError !== undefined) throw new TaskError(errorTypeOf(result.payload), result.payload);
    return result;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // An exception of Lambda that Step Functions has no name for, AccessDenied among them, is an AWSLambdaException.
    const name = NAMED_EXCEPTIONS.has(error.code) ? error.code : "AWSLambdaException";
    throw new TaskError(`Lambda.${name}`, `${error.message} (${sdkDetails(error)})`);
  }
}

const NAMED_EXCEPTIONS = new Set(["ResourceNotFoundException", "ServiceException", "TooManyRequestsException"]);

/** What the AWS SDK for Java, which Step Functions uses, appends to the message of a service. */
function sdkDetails({ code, statusCode }: AwsError): string {
  const requestId = crypto.randomUUID();
  return `Service: AWSLambda; Status Code: ${statusCode}; Error Code: ${code}; Request ID: ${requestId}; Proxy: null`;
}

/** The headers of Lambda's answer, which Step Functions hands on. */
function headersOf({ requestId, payload }: InvokeResult): Readonly<Record<string, string>> {
  return {
    Connection: "keep-alive",
    "Content-Length": String(Buffer.byteLength(payload)),
    "Content-Type": "application/json",
    Date: new Date().toUTCString(),
    "X-Amz-Executed-Version": "$LATEST",
    "x-amzn-Remapped-Content-Length": "0",
    "x-amzn-RequestId": requestId,
  };
}

function errorTypeOf(payload: string): string {
  const error = parseJson(payload);
  return isJsonObject(error) && typeof error.errorType === "string" ? error.errorType : "Lambda.Unknown";
}
