import type { Preset } from "./preset";

/** What the server of the console tells its page. Times are epoch milliseconds. */

/** A value as JSON.parse gives it. */
export type WireJson = null | boolean | number | string | readonly WireJson[] | { readonly [key: string]: WireJson };

/** The stack that runs, and where. */
export interface StackInfo {
  readonly name: string;
  readonly region: string;
  readonly apiUrl: string;
  readonly awsUrl: string;
  /** The operator's, the same in every run. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Where pictures are dropped; undefined for a stack without that output. */
  readonly originalBucket?: string;
  /** Who may call the API: `none`, `iam` or `jwt`. */
  readonly apiAuth?: string;
  /** Where CloudFront would answer. */
  readonly deliveryUrl?: string;
  readonly buckets: readonly { readonly name: string; readonly address: string }[];
  readonly machines: readonly MachineInfo[];
  /** Of the renditions, by name; undefined where no function has any, and nothing can be tried. */
  readonly presets?: Readonly<Record<string, Preset>>;
}

/** A state machine as it is defined. */
export interface MachineInfo {
  readonly name: string;
  readonly address: string;
  readonly definition: { readonly [key: string]: WireJson };
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** A line of a list of executions. */
export interface ExecutionSummary {
  readonly machine: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly redriveCount: number;
  /** The key of the picture it is about, as far as its input names one. */
  readonly key?: string;
  /** The state it was last in. */
  readonly state?: string;
  readonly error?: string;
  /** The names of the renditions it has made. */
  readonly made?: readonly string[];
  /** The first of them, to be recognized by. */
  readonly preview?: ObjectName;
}

/** An object in a version of it. */
export interface ObjectName {
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
}

/** One piece of a list, and how long the whole is. */
export interface Page<Item> {
  readonly total: number;
  readonly from: number;
  readonly items: readonly Item[];
}

/** An execution with everything that is known of it. */
export interface ExecutionDetail {
  readonly summary: ExecutionSummary;
  readonly arn: string;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly visits: readonly Visit[];
  readonly decisions: readonly DecisionLine[];
  /** How many more decisions there were. */
  readonly moreDecisions: number;
  readonly source?: StoredPicture;
  readonly renditions: readonly Rendition[];
  readonly mapRuns: readonly MapRunSummary[];
}

/** One stay in a state. */
export interface Visit {
  readonly state: string;
  readonly type: string;
  /** Of branches and iterations inside of others. */
  readonly depth: number;
  readonly enteredAt: number;
  readonly leftAt?: number;
  readonly how: "running" | "left" | "failed" | "aborted";
  readonly input: string;
  readonly output?: string;
  /** Of a task, the last one may still run. */
  readonly attempts: readonly Attempt[];
}

/** One try of a task. */
export interface Attempt {
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly error?: string;
  readonly cause?: string;
}

/** A decision of IAM. */
export interface DecisionLine {
  readonly at: number;
  /** The ARN or the service that asked. */
  readonly who: string;
  /** The address of its role. */
  readonly role?: string;
  readonly action: string;
  readonly resource: string;
  readonly allowed: boolean;
  /** Addresses of the statements that allow it. */
  readonly by: readonly string[];
  /** What was missing. */
  readonly message?: string;
}

/** An object of S3, without its bytes. */
export interface StoredObject extends ObjectName {
  readonly bytes: number;
  readonly lastModified: number;
  readonly contentType: string;
  /** What browsers and caches are told. */
  readonly cacheControl?: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** An object and what the function has read in it. */
export interface StoredPicture extends StoredObject {
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
}

/** What the function says of a picture it wrote, and the object as it is now. */
export interface Rendition {
  readonly name: string;
  readonly bucket: string;
  readonly key: string;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly bytes?: number;
  /** Undefined when it is not there any more. */
  readonly object?: StoredObject;
  readonly deliveryUrl?: string;
}

/** Counts of a Map run. */
export interface MapRunSummary {
  readonly arn: string;
  readonly machine: string;
  readonly execution: string;
  readonly status: string;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly maxConcurrency: number;
  readonly executions: WireCounts;
  readonly items: WireCounts;
  /** The last children that did not end well. */
  readonly failures: readonly ChildFailure[];
}

/** A child of a Map run that did not end well. */
export interface ChildFailure {
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly key?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface WireCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
}

/** What of the runner speaks. */
export type LogPart = "http" | "states" | "lambda" | "s3" | "events" | "iam" | "sqs" | "sns" | "delivery" | "runner";

/** A line of the log. */
export interface LogLine {
  readonly id: number;
  readonly at: number;
  readonly part: LogPart;
  readonly text: string;
}

/** What has changed since the last message. */
export interface Changes {
  readonly executions: readonly ExecutionSummary[];
  readonly objects: readonly { readonly bucket: string; readonly key: string }[];
  readonly mapRuns: readonly MapRunSummary[];
  readonly log: readonly LogLine[];
}

/** A preset to be tried on a picture in the bucket of originals. */
export interface Trial {
  readonly key: string;
  /** What the preset would be called. */
  readonly name: string;
  readonly preset: Preset;
}

/** What came of a trial. */
export type TrialAnswer = TrialPicture | TrialFailure;

/** A picture as it would be written; its bytes are had by its id. */
export interface TrialPicture {
  readonly made: true;
  readonly bucket: string;
  readonly key: string;
  readonly etag: string;
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly bytes: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly source: { readonly width: number; readonly height: number };
  readonly steps: readonly TrialStep[];
  readonly id?: number;
}

export interface TrialFailure {
  readonly made: false;
  readonly error: string;
  readonly cause: string;
  readonly steps: readonly TrialStep[];
}

/** How long something took, as the requests to S3 tell. */
export interface TrialStep {
  readonly name: string;
  readonly milliseconds: number;
}
