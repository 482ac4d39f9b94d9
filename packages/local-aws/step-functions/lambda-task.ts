import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { Principal } from "../iam/evaluate";
import { isJsonObject, type Json, parseJson } from "../json";
import { referredFunction } from "../lambda/function-reference";
import type { Invocable } from "../lambda/lambda-function";
import { TaskError } from "./task-error";

/**
 * Runs `arn:aws:states:::lambda:invoke`: asks IAM as the machine's role, invokes, and turns every way to fail into the
 * error name Step Functions gives it. Returns the result as JSON text.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
 */
export async function invokeLambdaTask(
  parameters: Json,
  principal: Principal,
  functions: readonly Invocable[],
  authorizer: Authorizer,
): Promise<string> {
  const { FunctionName: functionName, Payload: payload } = isJsonObject(parameters) ? parameters : {};
  const { arn, target } = referredFunction(functions, String(functionName));
  try {
    authorizer.require(principal, "lambda:InvokeFunction", arn);
    if (target === undefined) throw new AwsError("ResourceNotFoundException", 404, `Function not found: ${arn}`);
    const result = await target.invoke(JSON.stringify(payload ?? {}));
    if (result.functionError !== undefined) throw new TaskError(errorTypeOf(result.payload), result.payload);
    return JSON.stringify({
      ExecutedVersion: "$LATEST",
      Payload: parseJson(result.payload),
      SdkHttpMetadata: { HttpStatusCode: 200 },
      SdkResponseMetadata: { RequestId: result.requestId },
      StatusCode: 200,
    });
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    // An exception of Lambda that Step Functions has no name for, AccessDenied among them, is an AWSLambdaException.
    const name = NAMED_EXCEPTIONS.has(error.code) ? error.code : "AWSLambdaException";
    throw new TaskError(`Lambda.${name}`, `${error.message} (Service: Lambda, Status Code: ${error.statusCode})`);
  }
}

const NAMED_EXCEPTIONS = new Set(["ResourceNotFoundException", "ServiceException", "TooManyRequestsException"]);

function errorTypeOf(payload: string): string {
  const error = parseJson(payload);
  return isJsonObject(error) && typeof error.errorType === "string" ? error.errorType : "Lambda.Unknown";
}
