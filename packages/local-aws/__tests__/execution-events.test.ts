import { parsePolicy } from "@image-pipeline/iam-policy";
import { parseEventPattern } from "../event-rules/event-pattern";
import { EventBus } from "../events/event-bus";
import { Authorizer } from "../iam/authorizer";
import type { JsonObject } from "../json";
import { LocalQueue } from "../sqs/local-queue";
import { executionEvent } from "../step-functions/execution-event";
import { LocalStateMachine } from "../step-functions/state-machine";

const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const QUEUE_ARN = "arn:aws:sqs:eu-central-1:111111111111:ended";
const MACHINE_ARN = "arn:aws:states:eu-central-1:111111111111:stateMachine:m";
const RULE_ARN = "arn:aws:events:eu-central-1:111111111111:rule/ended";
const policy = (statement: JsonObject, kind: "trust" | "resource") =>
  parsePolicy({ Version: "2012-10-17", Statement: [statement] }, kind, kind);

/** A machine whose changes go to a queue, as far as a rule lets them pass. */
function aMachine(definition: JsonObject, status: readonly string[], sourceArn = RULE_ARN) {
  const log: string[] = [];
  const authorizer = new Authorizer(PLACE, (_part, text) => log.push(text));
  const queue = new LocalQueue(
    {
      address: "aws_sqs_queue.q",
      name: "ended",
      arn: QUEUE_ARN,
      policy: policy(
        {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Resource: QUEUE_ARN,
          Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
        },
        "resource",
      ),
    },
    "url",
  );
  const pattern = { source: ["aws.states"], detail: { status, stateMachineArn: [MACHINE_ARN] } };
  const machine = new LocalStateMachine(
    {
      address: "aws_sfn_state_machine.m",
      name: "m",
      arn: MACHINE_ARN,
      role: {
        address: "aws_iam_role.m",
        name: "m",
        arn: "arn:aws:iam::111111111111:role/m",
        trust: policy(
          { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" },
          "trust",
        ),
        policies: [],
      },
      definition,
      logged: false,
      logsData: false,
      traced: false,
    },
    {
      functions: [],
      authorizer,
      objects: () => ({ list: noStore, get: noStore, put: noStore }),
      log: () => {},
      onExecutionChanged: (changed) => void bus.publish(executionEvent(changed, PLACE)),
    },
  );
  const bus = new EventBus({
    rules: [
      {
        address: "aws_cloudwatch_event_rule.r",
        name: "ended",
        arn: RULE_ARN,
        pattern: parseEventPattern(pattern, "aws_cloudwatch_event_rule.r"),
        targets: [{ address: "aws_cloudwatch_event_target.t", arn: QUEUE_ARN, role: undefined }],
      },
    ],
    queues: [queue],
    topics: [],
    machines: [machine],
    authorizer,
    log: (_part, text) => log.push(text),
  });
  const received = () => queue.receive(10, 0).map(({ body }) => JSON.parse(body));
  return { machine, received, log };
}

const noStore = (): never => {
  throw new Error("expected no request to the store");
};
const PASS = { StartAt: "A", States: { A: { Type: "Pass", End: true } } };
const FAIL = { StartAt: "A", States: { A: { Type: "Fail", Error: "E", Cause: "why" } } };

describe("the events of executions", () => {
  it("tell when one starts and when it has ended", async () => {
    const { machine, received } = aMachine(PASS, ["RUNNING", "SUCCEEDED"]);
    const execution = machine.start('{"key":"a.jpg"}', "one");
    await execution.done;

    expect(received()).toMatchObject([
      {
        "detail-type": "Step Functions Execution Status Change",
        source: "aws.states",
        account: "111111111111",
        region: "eu-central-1",
        resources: [execution.arn],
        detail: { name: "one", status: "RUNNING", input: '{"key":"a.jpg"}', stopDate: null, output: null },
      },
      {
        detail: {
          executionArn: execution.arn,
          stateMachineArn: MACHINE_ARN,
          status: "SUCCEEDED",
          startDate: execution.startedAt,
          stopDate: execution.stoppedAt,
          output: '{"key":"a.jpg"}',
          outputDetails: { included: true },
        },
      },
    ]);
  });

  it("tell why one failed, and that it is redriven", async () => {
    const { machine, received } = aMachine(FAIL, ["FAILED", "PENDING_REDRIVE"]);
    const execution = machine.start("{}");
    await execution.done;
    machine.redrive(execution.arn);
    await execution.done;

    expect(received().map(({ detail }) => [detail.status, detail.error, detail.cause, detail.redriveCount])).toEqual([
      ["FAILED", "E", "why", 0],
      ["PENDING_REDRIVE", null, null, 1],
      ["FAILED", "E", "why", 1],
    ]);
  });

  it("reach a queue only where its policy says so", async () => {
    const { machine, received, log } = aMachine(PASS, ["SUCCEEDED"], "arn:aws:events:eu-central-1:111111111111:rule/o");
    await machine.start("{}").done;

    expect(received()).toEqual([]);
    expect(log).toContainEqual(expect.stringContaining("rule ended could not send to arn:aws:sqs:"));
  });
});
