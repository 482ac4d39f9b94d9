import { AwsError } from "../aws-error";
import type { FunctionResource } from "./stack-model";

/** A name, alone or behind the account or a whole ARN, and what may follow: a version or an alias. */
const REFERENCE =
  /^(?<prefix>(?:arn:aws:lambda:[a-z0-9-]+:)?\d{12}:function:)?(?<name>[\w-]+)(?::(?<qualifier>\$LATEST|[\w-]+))?$/;

/** What a caller means. */
export interface FunctionReference<Referred> {
  /** What IAM is asked about: the ARN, with the qualifier if there is one. */
  readonly arn: string;
  /** Undefined when there is no such function, or no such version of it: there is only $LATEST here. */
  readonly target: Referred | undefined;
}

/**
 * Finds a function by any of the names that Lambda takes for it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestParameters
 */
export function referredFunction<Referred extends { readonly resource: Pick<FunctionResource, "name" | "arn"> }>(
  functions: readonly Referred[],
  reference: string,
  queryQualifier?: string,
): FunctionReference<Referred> {
  const { prefix = "", name, qualifier: ownQualifier } = REFERENCE.exec(reference)?.groups ?? {};
  if (ownQualifier !== undefined && queryQualifier !== undefined && ownQualifier !== queryQualifier) {
    throw new AwsError(
      "InvalidParameterValueException",
      400,
      "The derived qualifier from the function name does not match the specified qualifier.",
    );
  }
  const qualifier = queryQualifier ?? ownQualifier;
  const found = functions.find(
    ({ resource }) => resource.name === name && resource.arn.endsWith(`${prefix}${resource.name}`),
  );
  const arn = found?.resource.arn ?? reference;
  return {
    arn: found !== undefined && qualifier !== undefined ? `${arn}:${qualifier}` : arn,
    target: qualifier === undefined || qualifier === "$LATEST" ? found : undefined,
  };
}
