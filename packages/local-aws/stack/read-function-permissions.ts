import { type PolicyDocument, parsePolicy } from "@image-pipeline/iam-policy";
import type { JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";
import type { Resources } from "./resources";
import type { FunctionResource } from "./stack-model";

/**
 * The policy of each function that has one, by the function's ARN: each permission is a statement of it.
 * https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
export function readFunctionPermissions(
  resources: Resources,
  functions: readonly Pick<FunctionResource, "name" | "arn">[],
): ReadonlyMap<string, PolicyDocument> {
  const statements = new Map<string, { readonly address: string; readonly statements: JsonObject[] }>();
  for (const block of resources.ofType("aws_lambda_permission")) {
    const { address } = block;
    const reference = block.string("function_name");
    const target = functions.find(({ name, arn }) => reference === name || reference === arn);
    if (target === undefined)
      throw new UnsupportedError(
        address,
        `expected a function of the stack for function_name but received ${reference}`,
      );
    const sourceArn = block.optionalString("source_arn");
    const sourceAccount = block.optionalString("source_account");
    const id = block.optionalString("statement_id");
    const statement = {
      ...(id !== undefined && { Sid: id }),
      Effect: "Allow",
      Principal: { Service: block.stringLike("principal", /\.amazonaws\.com$/, "an AWS service") },
      Action: block.string("action"),
      Resource: target.arn,
      ...((sourceArn ?? sourceAccount) !== undefined && {
        Condition: {
          ...(sourceArn !== undefined && { ArnLike: { "AWS:SourceArn": sourceArn } }),
          ...(sourceAccount !== undefined && { StringEquals: { "AWS:SourceAccount": sourceAccount } }),
        },
      }),
    };
    block.end();
    const known = statements.get(target.arn);
    if (known) known.statements.push(statement);
    else statements.set(target.arn, { address, statements: [statement] });
  }
  return new Map(
    [...statements].map(([arn, { address, statements: Statement }]) => [
      arn,
      parsePolicy({ Version: "2012-10-17", Statement }, address, "resource"),
    ]),
  );
}
