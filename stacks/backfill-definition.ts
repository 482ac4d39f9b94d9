import { BACKFILL_PREFIXES } from "../environments/names";
import { resizeStates, retriersOf } from "./resize-states";

/** What the definition depends on. */
export interface BackfillDefinitionProps {
  readonly functionArn: string;
  readonly functionTimeoutSeconds: number;
  readonly originalBucket: string;
  readonly resizedBucket: string;
  /** Lists of keys are read from it, and results written to it. */
  readonly backfillBucket: string;
  readonly maxConcurrency: number;
}

/** Each way to find pictures is a Map of its own, for a reader cannot be chosen by the input; a label is in its children's ARNs. */
export const BACKFILL_LABELS = ["bucket", "csv", "jsonl"] as const;

// Half a billion pictures of half a second with 50 sandboxes: past that, the machine is stuck and not slow.
export const LONGEST_RUN_SECONDS = 90 * 86_400;

/** An Express execution ends after five minutes; the validator of environments leaves room for a second try beside these. */
const RETRIERS = retriersOf({
  untilThereIsRoom: { IntervalSeconds: 2, MaxAttempts: 7, MaxDelaySeconds: 30 },
  serviceFaults: { IntervalSeconds: 1, MaxAttempts: 4, MaxDelaySeconds: 8 },
  crashes: { IntervalSeconds: 1, MaxAttempts: 2, MaxDelaySeconds: 5 },
});

/**
 * The backfill in Amazon States Language, as plain data. Its input is `{"prefix"}`, or `{"keys"}` with the key of a list in the
 * bucket of backfills, each with an optional `"renditions"`; `{}` is the whole bucket. Each picture is a child that runs the
 * same states as an upload does. Failures are tolerated, all of them, and reported by the results.
 */
export function backfillDefinition(props: BackfillDefinitionProps) {
  return {
    Comment: "Makes the renditions that are missing of the pictures of a bucket",
    StartAt: "AddDefaults",
    TimeoutSeconds: LONGEST_RUN_SECONDS,
    States: {
      AddDefaults: {
        Type: "Pass",
        // What an upload makes.
        Parameters: { defaults: { prefix: "", renditions: ["thumbnail"] }, "given.$": "$" },
        Next: "ReadInput",
      },
      ReadInput: {
        Type: "Pass",
        Parameters: { "input.$": "States.JsonMerge($.defaults, $.given, false)" },
        OutputPath: "$.input",
        Next: "WhichPictures",
      },
      WhichPictures: {
        Type: "Choice",
        Choices: [
          { Variable: "$.keys", IsPresent: false, Next: "BackfillBucket" },
          { Variable: "$.keys", StringMatches: "*.csv", Next: "BackfillCsv" },
          { Variable: "$.keys", StringMatches: "*.jsonl", Next: "BackfillJsonl" },
        ],
        Default: "UnknownList",
      },
      BackfillBucket: backfillMap(props, {
        label: "bucket",
        reader: {
          Resource: "arn:aws:states:::s3:listObjectsV2",
          Parameters: { Bucket: props.originalBucket, "Prefix.$": "$.prefix" },
        },
        item: { fileName: "Key", etag: "Etag", size: "Size" },
        suffix: "",
      }),
      BackfillCsv: backfillMap(props, {
        label: "csv",
        reader: listReader(props, { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" }),
        item: { fileName: "key" },
        suffix: "Csv",
      }),
      BackfillJsonl: backfillMap(props, {
        label: "jsonl",
        reader: listReader(props, { InputType: "JSONL" }),
        item: { fileName: "key" },
        suffix: "Jsonl",
      }),
      UnknownList: {
        Type: "Fail",
        Error: "UnknownList",
        Cause: "Expected keys to name a list ending in .csv or .jsonl",
      },
    },
  };
}

function listReader({ backfillBucket }: BackfillDefinitionProps, readerConfig: Readonly<Record<string, string>>) {
  return {
    Resource: "arn:aws:states:::s3:getObject",
    ReaderConfig: readerConfig,
    Parameters: { Bucket: backfillBucket, "Key.$": "$.keys" },
  };
}

interface Source {
  readonly label: (typeof BACKFILL_LABELS)[number];
  readonly reader: object;
  /** The fields of an item, as the reader names them. A list of keys knows neither ETag nor size. */
  readonly item: { readonly fileName: string; readonly etag?: string; readonly size?: string };
  /** Behind the names of its states. */
  readonly suffix: string;
}

function backfillMap(props: BackfillDefinitionProps, { label, reader, item, suffix }: Source) {
  const field = (name: string) => `$$.Map.Item.Value.${name}`;
  return {
    Type: "Map",
    Label: label,
    MaxConcurrency: props.maxConcurrency,
    ToleratedFailurePercentage: 100,
    ItemReader: reader,
    ItemSelector: {
      request: {
        bucket: props.originalBucket,
        "fileName.$": field(item.fileName),
        resizedBucket: props.resizedBucket,
        "renditions.$": "$.renditions",
        onlyMissing: true,
        ...(item.etag !== undefined && { "etag.$": field(item.etag) }),
      },
      ...(item.size !== undefined && { "size.$": field(item.size) }),
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
      ...named(childDefinition(props), suffix),
    },
    ResultWriter: {
      Resource: "arn:aws:states:::s3:putObject",
      Parameters: { Bucket: props.backfillBucket, Prefix: BACKFILL_PREFIXES.results },
      // Of a picture that succeeded the names of the renditions are kept, of one that failed everything.
      WriterConfig: { Transformation: "COMPACT", OutputType: "JSONL" },
    },
    End: true,
  };
}

/** What becomes of one picture. */
function childDefinition({ functionArn, functionTimeoutSeconds }: BackfillDefinitionProps) {
  const states = resizeStates({
    functionArn,
    functionTimeoutSeconds,
    requestPath: "$.request",
    retriers: RETRIERS,
  });
  return {
    StartAt: "IsPicture",
    States: {
      IsPicture: {
        Type: "Choice",
        // The markers that consoles and sync tools put there as folders, and empty objects, in which no picture is.
        Choices: [
          { Variable: "$.request.fileName", StringMatches: "*/", Next: "NothingToDo" },
          { And: [IS_THERE, { Variable: "$.size", NumericEquals: 0 }], Next: "NothingToDo" },
        ],
        Default: "ResizeImage",
      },
      NothingToDo: { Type: "Pass", Result: [], End: true },
      ...states,
      SuccessState: { ...states.SuccessState, OutputPath: "$.renditions[*].name" },
    },
  };
}

/** No name may be there twice in a machine, in all of its Maps: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-states.html */
function named(child: ReturnType<typeof childDefinition>, suffix: string): Workflow {
  const text = JSON.stringify(child, (field, value: unknown) =>
    ["StartAt", "Next", "Default"].includes(field) ? `${value}${suffix}` : value,
  );
  const { StartAt, States }: Workflow = JSON.parse(text);
  return {
    StartAt,
    States: Object.fromEntries(Object.entries(States).map(([name, state]) => [`${name}${suffix}`, state])),
  };
}

/** What a Map runs for each item. */
interface Workflow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, object>>;
}

const IS_THERE = { Variable: "$.size", IsPresent: true };
