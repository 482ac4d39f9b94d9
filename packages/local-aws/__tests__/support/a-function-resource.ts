import type { FunctionResource } from "../../stack/stack-model";

/** A function as the stack describes it, with what a test changes. */
export function aFunctionResource(more: Partial<FunctionResource> = {}): FunctionResource {
  return {
    address: "aws_lambda_function.f",
    name: "fn",
    arn: "arn:aws:lambda:eu-central-1:111111111111:function:fn",
    role: {
      address: "aws_iam_role.r",
      name: "r",
      arn: "arn:aws:iam::111111111111:role/r",
      trust: { address: "aws_iam_role.r", statements: [] },
      policies: [],
    },
    runtime: "nodejs24.x",
    handler: "index.handler",
    zipPath: "f.zip",
    layers: [],
    environment: {},
    timeoutSeconds: 10,
    memoryMb: 512,
    logGroup: "/aws/lambda/fn",
    logFormat: "JSON",
    traced: false,
    ...more,
  };
}
