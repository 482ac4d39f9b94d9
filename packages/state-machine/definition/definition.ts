import type { ChoiceRule } from "../data/choice-rule";
import type { JsonataTemplate } from "../data/jsonata";
import type { NumberField } from "../data/number-field";
import type { Path } from "../data/path";
import type { Language, Payload } from "../data/payload";
import type { ResultPath } from "../data/result-path";
import type { Json } from "../data/scope";
import type { Template } from "../data/template";
import type { ItemBatcher } from "../map-run/item-batcher";
import type { ItemReader } from "../map-run/item-reader";
import type { ResultWriter } from "../map-run/result-writer";

/** States and where they begin: a machine, a branch of a Parallel, or what a Map does with each item. */
export interface Workflow {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A whole definition (docs: statemachine-structure). */
export interface Machine extends Workflow {
  /** Seconds after which an execution ends as TIMED_OUT. */
  readonly timeoutSeconds: number | undefined;
}

/** A state of any type, with its name. */
export type State =
  | PassState
  | TaskState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** What a state takes of its input, and what it gives (docs: concepts-input-output-filtering, transforming-data). */
export type DataFlow =
  | {
      readonly language: "JSONPath";
      /** `null` takes an empty object in place of the input. */
      readonly inputPath: Path | null;
      readonly parameters: Template | undefined;
      readonly resultSelector: Template | undefined;
      readonly resultPath: ResultPath;
      readonly outputPath: Path | null;
    }
  | {
      readonly language: "JSONata";
      readonly arguments: JsonataTemplate | undefined;
      readonly output: JsonataTemplate | undefined;
    };

interface Common {
  readonly name: string;
  readonly flow: DataFlow;
  /** The variables a state sets: an object of values. */
  readonly assign: Payload | undefined;
}

/** A state that goes on to one other, or ends its workflow. */
interface Step extends Common {
  /** `undefined` for `End: true`. */
  readonly next: string | undefined;
}

/** What a state does when it fails. */
export interface Recovery {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

/** When and how often a state is tried again (docs: concepts-error-handling, "Retrying after an error"). */
export interface Retrier {
  readonly errors: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds: number;
  readonly fullJitter: boolean;
}

/** Where a failed state goes on (docs: concepts-error-handling, "Fallback states"). */
export interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly assign: Payload | undefined;
  readonly resultPath: ResultPath;
  /** JSONata only. */
  readonly output: JsonataTemplate | undefined;
}

export interface PassState extends Step {
  readonly type: "Pass";
  /** `undefined` passes the input on. */
  readonly result: Json | undefined;
}

/** What a Task calls: the optimized integration of Lambda, or a function by its ARN. */
export type TaskResource =
  | { readonly kind: "lambda:invoke" }
  | { readonly kind: "function"; readonly functionArn: string };

export interface TaskState extends Step, Recovery {
  readonly type: "Task";
  readonly resource: TaskResource;
  readonly timeout: NumberField;
  readonly heartbeat: NumberField;
}

export interface Choice {
  readonly test: { readonly language: "JSONPath"; readonly rule: ChoiceRule } | JsonataCondition;
  readonly next: string;
  readonly assign: Payload | undefined;
  /** JSONata only. */
  readonly output: JsonataTemplate | undefined;
}

interface JsonataCondition {
  readonly language: "JSONata";
  readonly condition: JsonataTemplate;
  /** Where it stands in its state, as errors name it. */
  readonly place: string;
}

export interface ChoiceState extends Common {
  readonly type: "Choice";
  readonly choices: readonly Choice[];
  readonly otherwise: string | undefined;
}

export interface WaitState extends Step {
  readonly type: "Wait";
  /** One of both. */
  readonly seconds: NumberField;
  readonly timestamp: TextField | undefined;
}

/** A text that stands in a definition, at a path, or in an expression; `name` is the field it was read from. */
export interface TextField {
  readonly name: string;
  readonly payload: Payload;
}

export interface SucceedState extends Common {
  readonly type: "Succeed";
}

export interface FailState extends Common {
  readonly type: "Fail";
  readonly error: TextField | undefined;
  readonly cause: TextField | undefined;
}

export interface ParallelState extends Step, Recovery {
  readonly type: "Parallel";
  readonly branches: readonly Workflow[];
}

export interface MapState extends Step, Recovery {
  readonly type: "Map";
  readonly processor: Workflow;
  /** Where the array of items is: a path of JSONPath, or JSONata. Not with an ItemReader. */
  readonly items:
    | { readonly language: "JSONPath"; readonly path: Path }
    | { readonly language: "JSONata"; readonly template: JsonataTemplate | undefined };
  readonly itemSelector: Payload | undefined;
  /** 0 and absent: as many as the service takes. */
  readonly maxConcurrency: NumberField;
  /** `undefined` for a Map that runs inside the execution itself. */
  readonly distributed: DistributedMap | undefined;
}

/** What only a Map in distributed mode has (docs: state-map-distributed). */
export interface DistributedMap {
  readonly childType: "STANDARD" | "EXPRESS";
  readonly childTimeoutSeconds: number | undefined;
  readonly label: string | undefined;
  readonly reader: ItemReader | undefined;
  readonly batcher: ItemBatcher | undefined;
  readonly writer: ResultWriter;
  readonly toleratedFailurePercentage: NumberField;
  readonly toleratedFailureCount: NumberField;
}

export type { Language };
