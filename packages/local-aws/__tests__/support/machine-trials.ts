/**
 * Takes the pipeline's own definition through every path, with functions that answer as told. Prints one JSON object: by
 * name, how the execution ended. Waits and timeouts are shortened, nothing else.
 */

import { parsePolicy } from "@image-pipeline/iam-policy";
import { stateMachineDefinition } from "../../../../stacks/state-machine-definition";
import { AwsError } from "../../aws-error";
import { Authorizer } from "../../iam/authorizer";
import type { JsonObject } from "../../json";
import type { InvokeResult } from "../../stack/running";
import type { StateMachineResource } from "../../stack/stack-model";
import { LocalStateMachine } from "../../step-functions/state-machine";

const FUNCTION_ARN = "arn:aws:lambda:eu-central-1:111111111111:function:fn";
const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const policy = (kind: "trust" | "identity", statement: object) =>
  parsePolicy(JSON.parse(JSON.stringify({ Version: "2012-10-17", Statement: [statement] })), kind, kind);

const HANG_MS = 2500;

const noStore = (): never => {
  throw new Error("expected no request to the store");
};

/** What the function does in each attempt; the last one repeats. */
type Attempt = () => Promise<InvokeResult>;

const SUCCESS = { status: "SUCCESS", success: true, message: "cat.jpg resized successfully!" };
const returns =
  (value: unknown): Attempt =>
  async () => ({ requestId: "id", payload: JSON.stringify(value) });
const fails =
  (errorType: string): Attempt =>
  async () => ({
    requestId: "id",
    payload: JSON.stringify({ errorType, errorMessage: "why" }),
    functionError: "Unhandled",
  });
const refuses =
  (code: string, statusCode: number): Attempt =>
  async () => {
    throw new AwsError(code, statusCode, "why");
  };
const hangs: Attempt = () =>
  new Promise((resolve) => setTimeout(resolve, HANG_MS, { requestId: "id", payload: JSON.stringify(SUCCESS) }));

// More milliseconds than a timer holds.
const RETRIED_LATER = { Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 3_000_000 }] };

const PATHS: Readonly<
  Record<
    string,
    {
      attempts: readonly Attempt[];
      change?: Record<string, number>;
      task?: JsonObject;
      mayInvoke?: boolean;
      stop?: "at once" | "TaskStarted" | "TaskFailed";
    }
  >
> = {
  success: { attempts: [returns(SUCCESS)] },
  "permanent failure": {
    attempts: [returns({ status: "FAILED", success: false, Error: "NotAnImage", Cause: "expected a picture" })],
  },
  "storage unavailable, then fine": {
    attempts: [fails("StorageUnavailable"), fails("StorageUnavailable"), returns(SUCCESS)],
  },
  "crashed, then fine": { attempts: [fails("Runtime.ExitError"), returns(SUCCESS)] },
  "throttled, then fine": { attempts: [refuses("TooManyRequestsException", 429), returns(SUCCESS)] },
  "service fault, then fine": { attempts: [refuses("ServiceException", 500), returns(SUCCESS)] },
  "service faults used up": { attempts: [fails("StorageUnavailable")] },
  "crashes used up": { attempts: [fails("Runtime.ExitError")] },
  "a defect": { attempts: [fails("TypeError")] },
  "function timed out": { attempts: [fails("Sandbox.Timedout")] },
  "task timed out, and no catcher": {
    attempts: [hangs],
    task: {
      TimeoutSeconds: 1,
      Retry: [{ ErrorEquals: ["States.TaskFailed"] }],
      Catch: [{ ErrorEquals: ["States.TaskFailed"], Next: "FailState" }],
    },
  },
  "machine timed out": { attempts: [hangs], change: { TimeoutSeconds: 1 } },
  "no permission": { attempts: [returns(SUCCESS)], mayInvoke: false },
  "an answer of no shape": { attempts: [returns("hello")] },
  "too much data": { attempts: [returns({ ...SUCCESS, renditions: "x".repeat(262_144) })] },
  "too much data, though everything is retried": {
    attempts: [returns({ ...SUCCESS, renditions: "x".repeat(262_144) })],
    task: { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }] },
  },
  "too much data, and a catcher": {
    attempts: [returns({ ...SUCCESS, renditions: "x".repeat(262_144) })],
    task: { Catch: [{ ErrorEquals: ["States.ALL"], Next: "FailState" }] },
  },
  "stopped before the task": { attempts: [hangs], stop: "at once" },
  "stopped during the task": { attempts: [hangs], stop: "TaskStarted" },
  "stopped before a retry": { attempts: [fails("E")], task: RETRIED_LATER, stop: "TaskFailed" },
  "machine timed out before a retry": { attempts: [fails("E")], task: RETRIED_LATER, change: { TimeoutSeconds: 1 } },
};

function machine({ attempts, change = {}, task = {}, mayInvoke = true }: (typeof PATHS)[string]) {
  let calls = 0;
  const definition = JSON.parse(
    JSON.stringify(stateMachineDefinition({ functionArn: FUNCTION_ARN, functionTimeoutSeconds: 30 })),
  );
  Object.assign(definition, change);
  for (const retrier of definition.States.ResizeImage.Retry) retrier.MaxDelaySeconds = 1;
  Object.assign(definition.States.ResizeImage, task);
  const resource: StateMachineResource = {
    address: "aws_sfn_state_machine.m",
    name: "machine",
    arn: "arn:aws:states:eu-central-1:111111111111:stateMachine:machine",
    role: {
      address: "aws_iam_role.m",
      name: "machine",
      arn: "arn:aws:iam::111111111111:role/machine",
      trust: policy("trust", {
        Effect: "Allow",
        Principal: { Service: "states.amazonaws.com" },
        Action: "sts:AssumeRole",
      }),
      policies: mayInvoke
        ? [policy("identity", { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: FUNCTION_ARN })]
        : [],
    },
    definition,
    logged: true,
    logsData: true,
    traced: true,
  };
  const invoke = () => {
    const attempt = attempts[Math.min(calls, attempts.length - 1)];
    calls += 1;
    if (attempt === undefined) throw new Error("a path needs at least one attempt");
    return attempt();
  };
  const log: string[] = [];
  const local = new LocalStateMachine(resource, {
    functions: [{ resource: { name: "fn", arn: FUNCTION_ARN }, invoke }],
    authorizer: new Authorizer(PLACE, () => {}),
    // The pipeline has no Map.
    objects: () => ({ list: noStore, get: noStore, put: noStore }),
    log: (_part, text) => log.push(text),
  });
  return { local, log, calls: () => calls };
}

async function walk(path: (typeof PATHS)[string]): Promise<object> {
  const { local, log, calls } = machine(path);
  const execution = local.start('{"key":"cat.jpg"}', "name");
  while (path.stop && path.stop !== "at once" && execution.events.at(-1)?.type !== path.stop) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  if (path.stop) await execution.stop("Asked", "by a person");
  await execution.done;
  // What would begin after the end has begun by now.
  await new Promise(setImmediate);
  // What was given up still answers, and must not be heard.
  if (path.attempts.includes(hangs)) await new Promise((resolve) => setTimeout(resolve, HANG_MS));
  return { ...execution.outcome, calls: calls(), events: execution.events, log };
}

async function starting(): Promise<object> {
  const { local } = machine({ attempts: [hangs] });
  const outcome = async (input: string, name?: string) => {
    try {
      return local.start(input, name).arn;
    } catch (error) {
      return error instanceof AwsError ? error.code : String(error);
    }
  };
  const results = {
    first: await outcome("{}", "one"),
    again: await outcome("{}", "one"),
    "another input": await outcome('{"a":1}', "one"),
    "largest input": await outcome(JSON.stringify("x".repeat(262_142)), "large"),
    "too large": await outcome(JSON.stringify("x".repeat(262_143)), "larger"),
    "no JSON": await outcome("{", "broken"),
    empty: await outcome("", "empty"),
    "a space": await outcome("{}", "a b"),
    "a slash": await outcome("{}", "a/b"),
    "81 characters": await outcome("{}", "x".repeat(81)),
    "80 characters": await outcome("{}", "x".repeat(80)),
  };
  await local.stopAll();
  return { ...results, "after the end": await outcome("{}", "one") };
}

async function main(): Promise<void> {
  const walks = await Promise.all(Object.entries(PATHS).map(async ([name, path]) => [name, await walk(path)] as const));
  console.log(JSON.stringify({ paths: Object.fromEntries(walks), starting: await starting() }));
}

main().then(
  // When all is written: a pipe may not have taken it yet.
  () => process.stdout.write("", () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
