import { Authorizer } from "../../packages/local-aws/iam/authorizer";
import { LAMBDA_OPERATIONS } from "../../packages/local-aws/lambda/operations";
import { S3_OPERATIONS } from "../../packages/local-aws/s3/s3-operation";
import { UNSERVED_OPERATIONS } from "../../packages/local-aws/s3/unserved-operations";
import { QueueOperations } from "../../packages/local-aws/sqs/operations";
import { EMULATED, WITHOUT_LOCAL_MEANING } from "../../packages/local-aws/stack/resource-types";
import { StepFunctionsOperations } from "../../packages/local-aws/step-functions/operations";
import { STATE_TYPES } from "../../packages/state-machine/definition/parse-state";
import { TASK_RESOURCES } from "../../packages/state-machine/definition/parse-task";

const nobodyAsks = new Authorizer({ region: "", accountId: "" }, () => {});

/** What the local run serves, table by table, as the code that serves it says. */
export const LOCAL_SUPPORT: Readonly<Record<string, string>> = {
  operations: table("service", "operations", [
    ["S3", code(S3_OPERATIONS)],
    ["S3, refused by name", code(UNSERVED_OPERATIONS)],
    ["Step Functions", code(new StepFunctionsOperations([], nobodyAsks).served)],
    ["Lambda", code(Object.values(LAMBDA_OPERATIONS))],
    ["SQS", code(new QueueOperations([], nobodyAsks).served)],
  ]),
  "resource types": table("resources of Terraform", "types", [
    ["run here", code(Object.keys(EMULATED))],
    ["accepted, and change nothing here", code(Object.keys(WITHOUT_LOCAL_MEANING))],
  ]),
  states: table("of a state machine", "known", [
    ["types of states", code(STATE_TYPES)],
    ["what a Task calls", TASK_RESOURCES.join("; ")],
  ]),
};

function table(first: string, second: string, rows: readonly (readonly [string, string])[]): string {
  return [`| ${first} | ${second} |`, "|---|---|", ...rows.map(([name, what]) => `| ${name} | ${what} |`)].join("\n");
}

function code(names: readonly string[]): string {
  return [...names]
    .sort()
    .map((name) => `\`${name}\``)
    .join(", ");
}
