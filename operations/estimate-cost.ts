import type { Table } from "@image-pipeline/command";
import {
  LIST_PRICES,
  lambdaMillisecond,
  PRICED,
  TRANSITIONS_OF_A_PICTURE,
  type Unit,
} from "@image-pipeline/price-list";
import type { Environment } from "../environments/environment";

/** The work that is to be paid. */
export interface Workload {
  readonly pictures: number;
  /** Made of each picture. */
  readonly renditionsEach: number;
  /** Size of a source. */
  readonly megabytesEach: number;
  /** Time of the function for a picture. @default - reckoned from its settings */
  readonly millisecondsEach?: number;
}

/** One line of the bill, in US dollars for all pictures. */
export interface CostPart {
  readonly part: string;
  readonly from: string;
  /** Each picture comes as an upload or a request, in a Standard execution of its own. */
  readonly dollars: number;
  /** The same pictures lie in a bucket already, and are a Distributed Map's Express children. */
  readonly backfillDollars: number;
}

/** Settings of an environment that a bill depends on. */
export type CostSettings = Pick<Environment, "architecture" | "functionMemoryMb" | "renditions" | "resizeOnUpload">;

// A sandbox has a share of one processor below this. https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
const MEGABYTES_OF_A_PROCESSOR = 1_769;

// Measured on photos of 6 and 15 megapixels with `npm run bench`'s core: decoding, and a rendition as its pixels are.
const PROCESSOR_MS_PER_MEGABYTE = 15;
const PROCESSOR_MS_PER_RENDITION = 10;
const PROCESSOR_MS_PER_RENDERED_MEGAPIXEL = 120;
/** S3's answers to GET, PUT and HEAD, in which the sandbox waits and is paid. */
const WAITING_MS = 60;

// An Express execution is billed by chunks of 64 MB, of which a small payload takes one, and steps of 100 ms.
const EXPRESS_GIGABYTES = 64 / 1_024;
const EXPRESS_STEP_MS = 100;

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
const KEYS_OF_A_LIST = 1_000;

// The history of an execution with its data, the function's lines, the access log of a request.
const EXECUTION_LOG_KB = 10;
const FUNCTION_LOG_KB = 2;
const KB_PER_GB = 1e6;

// The default rule of X-Ray. https://docs.aws.amazon.com/xray/latest/devguide/xray-console-sampling.html
const SAMPLED_TRACES = 0.05;

const MS_PER_SECOND = 1_000;

/** What `workload` costs in an environment, per part. Storage, traffic and the uploads themselves are not in it. */
export function estimateCost(settings: CostSettings, workload: Workload): CostPart[] {
  const { pictures, renditionsEach } = workload;
  const price = (unit: Unit, units = pictures) => LIST_PRICES[unit] * units;
  const ms = workload.millisecondsEach ?? invocationMs(settings, workload);
  const lambda =
    price("lambdaRequest") + pictures * ms * lambdaMillisecond(settings.architecture, settings.functionMemoryMb);
  const expressSeconds = (pictures * Math.ceil(ms / EXPRESS_STEP_MS) * EXPRESS_STEP_MS) / MS_PER_SECOND;
  const requests = price("s3Get", 2 * pictures) + price("s3Put", renditionsEach * pictures);
  const logs = (kilobytesEach: number) => price("logGigabyte", (pictures * kilobytesEach) / KB_PER_GB);
  return [
    {
      part: "Step Functions",
      from: `${TRANSITIONS_OF_A_PICTURE} transitions of a Standard execution each; a backfill: an Express request each and its time`,
      dollars: price("standardTransition", TRANSITIONS_OF_A_PICTURE * pictures),
      backfillDollars: price("expressRequest") + price("expressGigabyteSecond", expressSeconds * EXPRESS_GIGABYTES),
    },
    {
      part: "Lambda",
      from: `${Math.round(ms)} ms each with ${settings.functionMemoryMb} MB on ${settings.architecture}, and a request`,
      dollars: lambda,
      backfillDollars: lambda,
    },
    {
      part: "S3 requests",
      from: `a GET, a HEAD and ${renditionsEach} PUT each; a backfill: a HEAD of each rendition before, and a LIST for ${KEYS_OF_A_LIST.toLocaleString("en-US")} keys`,
      dollars: requests,
      backfillDollars:
        requests + price("s3Get", renditionsEach * pictures) + price("s3Put", Math.ceil(pictures / KEYS_OF_A_LIST)),
    },
    {
      part: "starts",
      from: settings.resizeOnUpload ? "S3's event of each upload" : "a request to the HTTP API each",
      dollars: price(settings.resizeOnUpload ? "s3Event" : "httpApiRequest"),
      backfillDollars: 0,
    },
    {
      part: "logs",
      from: `${EXECUTION_LOG_KB + FUNCTION_LOG_KB} KB each; a backfill: the function's ${FUNCTION_LOG_KB} KB`,
      dollars: logs(EXECUTION_LOG_KB + FUNCTION_LOG_KB),
      backfillDollars: logs(FUNCTION_LOG_KB),
    },
    {
      part: "traces",
      from: "one of 20 is sampled",
      dollars: price("trace", SAMPLED_TRACES * pictures),
      backfillDollars: price("trace", SAMPLED_TRACES * pictures),
    },
  ];
}

/** Time of one invocation, start-up of sandboxes aside: its processor time, on the share of a processor that its memory buys. */
export function invocationMs(
  settings: CostSettings,
  { renditionsEach, megabytesEach }: Pick<Workload, "renditionsEach" | "megabytesEach">,
): number {
  const processorMs =
    PROCESSOR_MS_PER_MEGABYTE * megabytesEach +
    renditionsEach *
      (PROCESSOR_MS_PER_RENDITION + PROCESSOR_MS_PER_RENDERED_MEGAPIXEL * meanMegapixels(settings.renditions));
  return WAITING_MS + processorMs / Math.min(1, settings.functionMemoryMb / MEGABYTES_OF_A_PROCESSOR);
}

/** Of the boxes of all presets, for nobody says which of them a request will name. */
function meanMegapixels(renditions: CostSettings["renditions"]): number {
  const boxes = Object.values(renditions).map(({ width, height }) => width * height);
  return boxes.reduce((sum, pixels) => sum + pixels, 0) / boxes.length / 1e6;
}

/** The bill for people: a row for each part, and the sum. */
export function costTable(workload: Workload, parts: readonly CostPart[]): Table {
  const { pictures, renditionsEach, megabytesEach } = workload;
  const dollars = (value: number) => `$${value.toFixed(2)}`;
  const sum = (of: "dollars" | "backfillDollars") => dollars(parts.reduce((total, part) => total + part[of], 0));
  return {
    title: `${pictures.toLocaleString("en-US")} pictures of ${megabytesEach} MB with ${renditionsEach} rendition(s) each, list prices of ${PRICED.region}, ${PRICED.date}`,
    head: ["part", "from", "as uploads or requests", "as a backfill"],
    rows: [
      ...parts.map((part) => [part.part, part.from, dollars(part.dollars), dollars(part.backfillDollars)]),
      ["sum", "", sum("dollars"), sum("backfillDollars")],
    ],
  };
}
