import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import {
  Execution,
  type HistoryEvent,
  type Json,
  type JsonObject,
  type MapRun,
  type Objects,
  type Ports,
  parseMachine,
  type TaskCall,
} from "../../index";
import { VirtualClock } from "./virtual-clock";

/** Answers a task; a `TaskError` is a failure of it. */
export type Answer = (call: TaskCall, attempt: number) => Json | Promise<Json>;

/** What a test gives a machine beside its definition and input. */
export interface World {
  /** Without it a task gives its own input back. */
  readonly task?: Answer;
  /** The objects of the one bucket there is, by key. */
  readonly objects?: Map<string, string>;
  readonly random?: () => number;
}

/** An execution that runs in time of its own. */
export interface Trial {
  readonly execution: Execution;
  readonly clock: VirtualClock;
  readonly mapRuns: readonly MapRun[];
}

const MACHINE_ARN = "arn:aws:states:eu-central-1:111111111111:stateMachine:m";

/** Starts a definition. */
export function start(
  definition: JsonObject,
  input: Json = {},
  world: World = {},
  inputText = JSON.stringify(input),
): Trial {
  const clock = new VirtualClock();
  const mapRuns: MapRun[] = [];
  const execution = new Execution({
    machine: parseMachine(definition),
    machineArn: MACHINE_ARN,
    machineName: "m",
    arn: "arn:aws:states:eu-central-1:111111111111:execution:m:e",
    name: "e",
    roleArn: "arn:aws:iam::111111111111:role/r",
    input: inputText,
    ports: portsOf(world, clock),
    keepsHistory: true,
    onMapRun: (run) => mapRuns.push(run),
  });
  return { execution, clock, mapRuns };
}

/** Runs a definition to its end. */
export async function run(
  definition: JsonObject,
  input: Json = {},
  world: World = {},
  inputText = JSON.stringify(input),
): Promise<Trial> {
  const trial = start(definition, input, world, inputText);
  await trial.execution.done;
  return trial;
}

/** The output of a definition that succeeds, or the outcome of one that does not. */
export async function outcomeOf(definition: JsonObject, input: Json = {}, world: World = {}): Promise<unknown> {
  const { execution } = await run(definition, input, world);
  const { outcome } = execution;
  return outcome?.status === "SUCCEEDED" ? JSON.parse(outcome.output) : outcome;
}

/** A history as lines `id<previous type`, with what tells events of a type apart. */
export function linesOf(events: readonly HistoryEvent[]): readonly string[] {
  return events.map((event) => {
    const details = Object.entries(event).find(([name]) => name.endsWith("EventDetails"))?.[1];
    const { name, index, length, error } = typeof details === "object" ? details : {};
    const words = [name, index, length, error].filter((word) => word !== undefined);
    return [`${event.id}<${event.previousEventId} ${event.type}`, ...words].join(" ");
  });
}

function portsOf({ task, objects = new Map(), random = () => 0.5 }: World, clock: VirtualClock): Ports {
  let attempts = 0;
  let ids = 0;
  return {
    clock,
    random,
    uuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
    runTask: async (call) => JSON.stringify(task === undefined ? call.input : await task(call, ++attempts)),
    objects: objectsOf(objects),
    authorizeChildren: () => {},
    region: "eu-central-1",
  };
}

function objectsOf(objects: Map<string, string>): Objects {
  return {
    async *list(_bucket, prefix) {
      for (const [key, text] of [...objects].sort()) {
        if (!key.startsWith(prefix)) continue;
        const size = Buffer.byteLength(text);
        yield { key, etag: '"e"', lastModified: new Date(1_000), size, storageClass: "STANDARD" };
      }
    },
    get(_bucket, key) {
      const text = objects.get(key);
      if (text === undefined) throw new Error(`There is no object ${key}`);
      return Readable.from([Buffer.from(text)]);
    },
    async put(_bucket, key, body) {
      objects.set(key, String(await buffer(body)));
    },
  };
}
