import { createHash } from "node:crypto";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SQSClient } from "@aws-sdk/client-sqs";
import { asText } from "@image-pipeline/command";
import { nameOfReplay } from "../../operations/replay/bring-back";
import { DeadLetters, deadLetterQueuesOf } from "../../operations/replay/dead-letters";
import { Pace } from "../../operations/replay/pace";
import { planTable, Replay } from "../../operations/replay/replay";
import { since } from "../../operations/replay/since";
import { anEnvironment } from "../support/an-environment";
import { type Answers, JsonFault, startJsonEndpoint } from "./json-endpoint";

const MACHINE = "arn:aws:states:eu-central-1:111111111111:stateMachine:ImageProcessingStateMachine-dev";
const NOW = Date.parse("2026-11-20T12:00:00Z");
const HOUR = 3_600_000;

const closes: (() => void)[] = [];
afterEach(() => {
  for (const close of closes.splice(0)) close();
});

interface Execution {
  readonly name: string;
  readonly status?: string;
  readonly error?: string;
  readonly redriveStatus?: string;
  readonly inFailState?: boolean;
  readonly failedHoursAgo?: number;
  /** What DescribeExecution says by now. */
  readonly statusByNow?: string;
}

const arnOf = (name: unknown) => `${MACHINE.replace(":stateMachine:", ":execution:")}:${name}`;

/** Step Functions with these executions, and a queue for uploads with these messages, and one for deletions. */
async function serviceWith(
  executions: readonly Execution[],
  messages: readonly object[] = [],
  more: Answers = {},
  deletions: readonly object[] = [],
) {
  const queues = new Map([
    ["http://127.0.0.1/uploads", [...messages]],
    ["http://127.0.0.1/deletions", [...deletions]],
  ]);
  const started = new Set<string>();
  const found = (arn: unknown): Execution => {
    const execution = executions.find(({ name }) => arnOf(name) === arn);
    if (execution === undefined && !started.has(String(arn))) throw new JsonFault("ExecutionDoesNotExist");
    return execution ?? { name: "started", status: "RUNNING" };
  };
  const endpoint = await startJsonEndpoint({
    ListExecutions: ({ statusFilter }) => ({
      executions: executions
        .filter(({ status = "FAILED" }) => status === statusFilter)
        .map(({ name, failedHoursAgo = 1 }) => ({
          executionArn: arnOf(name),
          stopDate: (NOW - failedHoursAgo * HOUR) / 1000,
        })),
    }),
    DescribeExecution: ({ executionArn }) => {
      const {
        name,
        status = "FAILED",
        statusByNow = status,
        error,
        redriveStatus = "REDRIVABLE",
      } = found(executionArn);
      return {
        executionArn,
        name,
        status: statusByNow,
        error,
        cause: "why",
        redriveStatus,
        input: `{"key":"${name}"}`,
      };
    },
    GetExecutionHistory: ({ executionArn }) => ({
      events: [
        { type: "ExecutionFailed" },
        { type: found(executionArn).inFailState ? "FailStateEntered" : "TaskFailed" },
      ],
    }),
    RedriveExecution: () => ({ redriveDate: NOW / 1000 }),
    StartExecution: ({ name }) => {
      if (started.has(arnOf(name))) throw new JsonFault("ExecutionAlreadyExists");
      started.add(arnOf(name));
      return { executionArn: arnOf(name), startDate: NOW / 1000 };
    },
    GetQueueUrl: ({ QueueName }) => ({ QueueUrl: `http://127.0.0.1/${QueueName}` }),
    ReceiveMessage: ({ QueueUrl }) => ({ Messages: queues.get(String(QueueUrl))?.splice(0, 2) ?? [] }),
    DeleteMessage: () => ({}),
    ChangeMessageVisibility: () => ({}),
    ...more,
  });
  closes.push(endpoint.close);
  const letters = await DeadLetters.of(new SQSClient(endpoint.client), ["uploads", "deletions"], "resized");
  return {
    replay: new Replay(new SFNClient(endpoint.client), MACHINE, letters, () => {}),
    calls: (name: string) => endpoint.calls.filter((call) => call.name === name).map(({ input }) => input),
  };
}

const DAY_AGO = new Date(NOW - 24 * HOUR);

describe("a replay", () => {
  it("redrives a fault that Step Functions can go on with", async () => {
    const { replay, calls } = await serviceWith([{ name: "a", error: "StorageUnavailable" }]);
    expect(await replay.run(await replay.plan(DAY_AGO, []))).toEqual({ redriven: 1, startedAnew: 0, lettersSent: 0 });
    expect(calls("RedriveExecution")).toEqual([expect.objectContaining({ executionArn: arnOf("a") })]);
  });

  it("starts anew, with the same input, what cannot be redriven any more", async () => {
    const { replay, calls } = await serviceWith([{ name: "a", error: "E", redriveStatus: "NOT_REDRIVABLE" }]);
    expect(await replay.run(await replay.plan(DAY_AGO, []))).toMatchObject({ redriven: 0, startedAnew: 1 });
    expect(calls("StartExecution")).toEqual([{ stateMachineArn: MACHINE, name: "a-replay", input: '{"key":"a"}' }]);
  });

  it.each(["ExecutionNotRedrivable", "UnknownOperationException"])(
    "starts anew where a redrive is answered %s",
    async (code) => {
      const RedriveExecution = () => {
        throw new JsonFault(code);
      };
      const { replay } = await serviceWith([{ name: "a", error: "E" }], [], { RedriveExecution });
      expect(await replay.run(await replay.plan(DAY_AGO, []))).toMatchObject({ redriven: 0, startedAnew: 1 });
    },
  );

  it("leaves to another replay what it has redriven meanwhile", async () => {
    let isRunning = false;
    const RedriveExecution = () => {
      isRunning = true;
      throw new JsonFault("ExecutionNotRedrivable");
    };
    const failed: Execution = {
      name: "a",
      error: "E",
      get statusByNow() {
        return isRunning ? "RUNNING" : "FAILED";
      },
    };
    const { replay, calls } = await serviceWith([failed], [], { RedriveExecution });
    await replay.run(await replay.plan(DAY_AGO, []));
    expect(calls("StartExecution")).toEqual([]);
  });

  it("starts nothing a second time", async () => {
    const { replay, calls } = await serviceWith([{ name: "a", error: "E", redriveStatus: "NOT_REDRIVABLE" }]);
    await replay.run(await replay.plan(DAY_AGO, []));
    const [group] = (await replay.plan(DAY_AGO, [])).groups;
    expect(group?.steps).toEqual([]);
    expect(calls("StartExecution")).toHaveLength(1);
  });

  it("is no failure of its own when another one was quicker", async () => {
    const { replay } = await serviceWith([{ name: "a", error: "E", redriveStatus: "NOT_REDRIVABLE" }]);
    const plan = await replay.plan(DAY_AGO, []);
    await replay.run(plan);
    await expect(replay.run(plan)).resolves.toMatchObject({ startedAnew: 1 });
  });

  it("tells by kind what is chosen without being named", async () => {
    const { replay } = await serviceWith([
      { name: "a", error: "StorageUnavailable" },
      { name: "b", error: "StorageUnavailable" },
      { name: "c", error: "CorruptImage", inFailState: true },
      { name: "d", status: "ABORTED", error: "WrongBatch" },
      { name: "e", status: "TIMED_OUT" },
    ]);
    const plan = await replay.plan(DAY_AGO, []);
    expect(asText(planTable(plan, "failed")).split("\n")).toEqual([
      "failed",
      "error               count  kind     planned    example",
      "StorageUnavailable      2  fault    redrive 2  a: why",
      "CorruptImage            1  refused  nothing    c: why",
      "TIMED_OUT               1  fault    redrive 1  e: why",
      "ABORTED                 1  aborted  nothing    d: why",
    ]);
  });

  it("starts a refusal anew when it is named, for a redrive could only be refused again", async () => {
    const { replay, calls } = await serviceWith([{ name: "c", error: "ObjectNotFound", inFailState: true }]);
    await replay.run(await replay.plan(DAY_AGO, ["ObjectNotFound"]));
    expect(calls("RedriveExecution")).toEqual([]);
    expect(calls("StartExecution")).toEqual([expect.objectContaining({ name: "c-replay" })]);
  });

  it("leaves alone what failed before, and what runs again by now", async () => {
    const { replay } = await serviceWith([
      { name: "old", error: "E", failedHoursAgo: 25 },
      { name: "again", error: "E", statusByNow: "RUNNING" },
    ]);
    expect((await replay.plan(DAY_AGO, [])).groups).toEqual([]);
  });

  it("stops at what it does not know, so that it is seen", async () => {
    const RedriveExecution = () => {
      throw new JsonFault("AccessDeniedException");
    };
    const { replay } = await serviceWith([{ name: "a", error: "E" }], [], { RedriveExecution });
    await expect(replay.run(await replay.plan(DAY_AGO, []))).rejects.toThrow("AccessDeniedException");
  });
});

const EVENT = { detail: { bucket: { name: "original" }, object: { key: "a b.jpg" } } };
const aLetter = (id: string, content: unknown) => {
  const Body = typeof content === "string" ? content : JSON.stringify(content);
  return {
    MessageId: id,
    ReceiptHandle: `receipt-${id}`,
    Body,
    MD5OfBody: createHash("md5").update(Body).digest("hex"),
    MessageAttributes: { ERROR_CODE: { DataType: "String", StringValue: "NO_PERMISSIONS" } },
  };
};

describe("dead letters", () => {
  it.each([
    ["uploads alone", false, ["ImageUploadedDeadLetters-test"]],
    ["uploads and deletions", true, ["ImageUploadedDeadLetters-test", "ImageDeletedDeadLetters-test"]],
  ])("are those of %s", (_, deleteRenditions, queues) => {
    expect(deadLetterQueuesOf(anEnvironment({ deleteRenditions }))).toEqual(queues);
  });

  it.each([
    ["the event", EVENT],
    ["what the rule made of it", { bucket: "original", fileName: "a b.jpg", resizedBucket: "resized" }],
  ])("are sent again, once each, from %s", async (_, body) => {
    const { replay, calls } = await serviceWith([], [aLetter("1", body), aLetter("2", body), aLetter("3", body)]);
    expect(await replay.run(await replay.plan(DAY_AGO, []))).toMatchObject({ lettersSent: 3 });
    expect(calls("StartExecution").map(({ name }) => name)).toEqual([
      "dead-letter-1",
      "dead-letter-2",
      "dead-letter-3",
    ]);
    expect(JSON.parse(String(calls("StartExecution")[0]?.input))).toEqual({
      bucket: "original",
      fileName: "a b.jpg",
      resizedBucket: "resized",
    });
    expect(calls("DeleteMessage").map(({ ReceiptHandle }) => ReceiptHandle)).toEqual([
      "receipt-1",
      "receipt-2",
      "receipt-3",
    ]);
  });

  it.each([
    ["the event", { ...EVENT, "detail-type": "Object Deleted" }],
    ["what the rule made of it", { bucket: "original", fileName: "a b.jpg", resizedBucket: "resized", deleted: true }],
  ])("of deletions say so when they are sent again, and leave their own queue, from %s", async (_, body) => {
    const { replay, calls } = await serviceWith([], [aLetter("1", EVENT)], {}, [aLetter("2", body)]);
    expect(await replay.run(await replay.plan(DAY_AGO, []))).toMatchObject({ lettersSent: 2 });
    const request = { bucket: "original", fileName: "a b.jpg", resizedBucket: "resized" };
    expect(calls("StartExecution").map(({ input }) => JSON.parse(String(input)))).toEqual([
      request,
      { ...request, deleted: true },
    ]);
    expect(calls("DeleteMessage")).toEqual([
      { QueueUrl: "http://127.0.0.1/uploads", ReceiptHandle: "receipt-1" },
      { QueueUrl: "http://127.0.0.1/deletions", ReceiptHandle: "receipt-2" },
    ]);
  });

  it("stay in the queue when they did not go through", async () => {
    const StartExecution = () => {
      throw new JsonFault("StateMachineDoesNotExist");
    };
    const { replay, calls } = await serviceWith([], [aLetter("1", EVENT)], { StartExecution });
    await expect(replay.run(await replay.plan(DAY_AGO, []))).rejects.toThrow();
    expect(calls("DeleteMessage")).toEqual([]);
  });

  it.each(["not JSON", "[]", "null", '{"detail":{}}'])("that are no upload (%s) are shown and left", async (body) => {
    const { replay, calls } = await serviceWith([], [aLetter("1", body)]);
    const plan = await replay.plan(DAY_AGO, []);
    expect(asText(planTable(plan, ""))).toMatch(/NO_PERMISSIONS +1 +dead letter +nothing/);
    expect(await replay.run(plan)).toMatchObject({ lettersSent: 0 });
    expect(calls("DeleteMessage")).toEqual([]);
  });

  it("are given back when nothing is done", async () => {
    const { replay, calls } = await serviceWith([], [aLetter("1", EVENT)]);
    await replay.release(await replay.plan(DAY_AGO, []));
    expect(calls("ChangeMessageVisibility")).toEqual([
      { QueueUrl: "http://127.0.0.1/uploads", ReceiptHandle: "receipt-1", VisibilityTimeout: 0 },
    ]);
  });
});

describe("the name of a replay", () => {
  it.each([1, 36, 73, 74, 80])("of a name of %d characters is allowed and no other one's", (length) => {
    const names = [`${"a".repeat(length - 1)}x`, `${"a".repeat(length - 1)}y`].map(nameOfReplay);
    expect(names.every((name) => name.length <= 80 && name.endsWith("-replay"))).toBe(true);
    expect(new Set(names).size).toBe(2);
  });
});

describe("--since", () => {
  it.each([
    ["30m", 0.5],
    ["24h", 24],
    ["14d", 14 * 24],
  ])("%s is so long ago", (text, hours) => {
    expect(since(text, new Date(NOW)).getTime()).toBe(NOW - hours * HOUR);
  });

  it.each(["", "24", "1w", "-1h", "yesterday"])("refuses %j", (text) => {
    expect(() => since(text, new Date(NOW))).toThrow(
      `--since: expected a time such as 30m, 24h or 14d but received ${text}`,
    );
  });
});

describe("the pace", () => {
  it("lets a burst pass, and then so many a second", async () => {
    const pace = new Pace(100, 5);
    const start = performance.now();
    for (let call = 0; call < 15; call += 1) await pace.turn();
    expect(performance.now() - start).toBeGreaterThan(90);
  });
});
