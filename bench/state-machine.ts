import { asText, runCommand, type Table } from "@image-pipeline/command";
import {
  Execution,
  type Json,
  type JsonObject,
  type Ports,
  parseMachine,
  systemClock,
} from "@image-pipeline/state-machine";

const HELP = `npm run bench:machine

Measures the state machine interpreter alone: small executions a second beside what reading and writing their data as JSON
takes, a distributed Map of 100,000 items with its peak of memory at half and at the end, and how soon what has no end is over.
`;
const EXECUTIONS = 20_000;
const ITEMS = 100_000;

const small = {
  StartAt: "A",
  States: {
    A: { Type: "Pass", Next: "B" },
    B: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "C" }], Default: "C" },
    C: { Type: "Succeed" },
  },
};

const map = (childType: string): JsonObject => ({
  StartAt: "M",
  States: {
    M: {
      Type: "Map",
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSONL" },
        Parameters: { Bucket: "b", Key: "k" },
      },
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: childType },
        StartAt: "T",
        States: {
          T: { Type: "Task", Resource: "arn:aws:lambda:eu-central-1:111111111111:function:f", End: true },
        },
      },
      ResultWriter: { Resource: "arn:aws:states:::s3:putObject", Parameters: { Bucket: "b" } },
      End: true,
    },
  },
});

const endless = {
  QueryLanguage: "JSONata",
  StartAt: "A",
  States: { A: { Type: "Pass", Output: "{% ($loop := function($n) { $loop($n + 1) }; $loop(0)) %}", End: true } },
};

runCommand({
  name: "npm run bench:machine",
  help: HELP,
  options: {},
  run: async () => {
    const tables = [await smallExecutions(), await mapRuns(), await endlessData()];
    process.stdout.write(`${tables.map(asText).join("\n")}\n`);
  },
});

/** Starts a definition on tasks that return at once and an object of so many lines. */
function start(definition: Json, input: string, onTask: () => void = () => {}): Execution {
  const ports: Ports = {
    clock: systemClock,
    random: Math.random,
    uuid: () => crypto.randomUUID(),
    runTask: async () => {
      onTask();
      return "{}";
    },
    objects: {
      async *list() {},
      async *get() {
        for (let line = 0; line < ITEMS; line++) yield Buffer.from(`{"key":"folder/picture-${line}.jpg"}\n`);
      },
      async put(_bucket, _key, body) {
        for await (const _chunk of body);
      },
    },
    authorizeChildren: () => {},
    region: "eu-central-1",
  };
  return new Execution({
    machine: parseMachine(definition),
    machineArn: "arn:aws:states:eu-central-1:111111111111:stateMachine:m",
    machineName: "m",
    arn: "arn:aws:states:eu-central-1:111111111111:execution:m:e",
    name: "e",
    roleArn: "arn:aws:iam::111111111111:role/r",
    input,
    ports,
    keepsHistory: true,
  });
}

async function smallExecutions(): Promise<Table> {
  const input = '{"n":1}';
  for (let turn = 0; turn < EXECUTIONS / 10; turn++) await start(small, input).done;
  const began = performance.now();
  for (let turn = 0; turn < EXECUTIONS; turn++) await start(small, input).done;
  const ms = performance.now() - began;
  const json = performance.now();
  // What is read and written of the data in such an execution: its input once, and eight texts of events.
  for (let turn = 0; turn < EXECUTIONS; turn++) {
    const data = JSON.parse(input);
    for (let text = 0; text < 8; text++) JSON.stringify(data);
  }
  const jsonMs = performance.now() - json;
  return {
    title: `${EXECUTIONS} executions of Pass -> Choice -> Succeed`,
    head: ["executions a second", "JSON of the same data a second", "ratio"],
    rows: [[rate(ms), rate(jsonMs), (ms / jsonMs).toFixed(1)]],
  };
}

async function mapRuns(): Promise<Table> {
  const rows: string[][] = [];
  for (const childType of ["EXPRESS", "STANDARD"]) {
    let tasks = 0;
    const heap: number[] = [];
    const began = performance.now();
    const execution = start(map(childType), "{}", () => {
      if (++tasks % (ITEMS / 20) === 0) heap.push(process.memoryUsage().heapUsed / 1e6);
    });
    const { status } = await execution.done;
    const seconds = (performance.now() - began) / 1_000;
    const peak = (samples: readonly number[]) => `${Math.max(...samples).toFixed(0)} MB`;
    rows.push([childType, status, seconds.toFixed(1), peak(heap.slice(0, 10)), peak(heap.slice(10))]);
  }
  return {
    title: `a distributed Map of ${ITEMS} items, tasks that return at once`,
    head: ["children", "status", "seconds", "peak heap, first half", "second half"],
    rows,
  };
}

async function endlessData(): Promise<Table> {
  const deep = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  const rows: string[][] = [];
  for (const [what, definition, input] of [
    ["10,000 levels of JSON", small, deep],
    ["a JSONata loop", endless, "{}"],
  ] as const) {
    const began = performance.now();
    const outcome = await start(definition, input).done;
    const error = "error" in outcome ? (outcome.error ?? "") : "";
    rows.push([what, outcome.status, error, ((performance.now() - began) / 1_000).toFixed(2)]);
  }
  return { title: "what has no end", head: ["what", "status", "error", "seconds"], rows };
}

function rate(ms: number): string {
  return Math.round((EXECUTIONS / ms) * 1_000).toLocaleString("en");
}
