import type { Table } from "@image-pipeline/command";
import { PRICED } from "@image-pipeline/price-list";
import { type CostSettings, estimateCost, invocationMs } from "../estimate-cost";
import { duration, MS_BETWEEN_PICTURES } from "./forecast";

/** The backfills that are reckoned through in docs/operations.md; a test compares. */
export const MODEL = {
  pictures: [1_000_000, 10_000_000, 100_000_000],
  sandboxes: [50, 500, 3_000],
  renditionsEach: 3,
  megabytesEach: 3,
} as const;

const MS_PER_SECOND = 1_000;
const number = (value: number): string => value.toLocaleString("en-US");

/** Pictures a second with so many sandboxes. */
const picturesPerSecond = (settings: CostSettings, sandboxes: number): number =>
  (sandboxes * MS_PER_SECOND) / (invocationMs(settings, MODEL) + MS_BETWEEN_PICTURES);

/** How long, a row for each number of pictures. */
export function timeTable(settings: CostSettings): Table {
  return {
    title: `Time for pictures of ${MODEL.megabytesEach} MB with ${MODEL.renditionsEach} renditions each, ${Math.round(invocationMs(settings, MODEL))} ms in the function`,
    head: ["pictures", ...MODEL.sandboxes.map((sandboxes) => `${number(sandboxes)} sandboxes`)],
    rows: [
      ...MODEL.pictures.map((pictures) => [
        number(pictures),
        ...MODEL.sandboxes.map((sandboxes) => duration(pictures / picturesPerSecond(settings, sandboxes))),
      ]),
      ["pictures a second", ...MODEL.sandboxes.map((one) => number(Math.round(picturesPerSecond(settings, one))))],
    ],
  };
}

/** What it costs, a row for each part; sandboxes make it shorter, not dearer. */
export function costByPart(settings: CostSettings): Table {
  const bills = MODEL.pictures.map((pictures) => estimateCost(settings, { ...MODEL, pictures }));
  const dollars = (value: number) => `$${number(Math.round(value))}`;
  const [first = []] = bills;
  const row = (part: string) =>
    bills.map((bill) => dollars(bill.find((line) => line.part === part)?.backfillDollars ?? 0));
  return {
    title: `Cost by part, list prices of ${PRICED.region}, ${PRICED.date}`,
    head: ["part", ...MODEL.pictures.map((pictures) => `${number(pictures)} pictures`)],
    rows: [
      ...first.filter(({ backfillDollars }) => backfillDollars > 0).map(({ part }) => [part, ...row(part)]),
      ["sum", ...bills.map((bill) => dollars(bill.reduce((sum, line) => sum + line.backfillDollars, 0)))],
    ],
  };
}

/** What AWS gives, and how much of it is taken. */
interface Quota {
  readonly what: string;
  readonly limit: number;
  readonly taken: (sandboxes: number, perSecond: number) => number;
}

/**
 * Quotas in the way of a backfill, as AWS gives them to begin with. Sources, in this order:
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html (a new account may have 10),
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html (a second, below one prefix),
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (1,000 keys a list, one list after the other),
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html, .../input-output-itemreader.html (items of a Map run).
 */
const QUOTAS: readonly Quota[] = [
  { what: "Lambda: sandboxes of the account", limit: 1_000, taken: (sandboxes) => sandboxes },
  { what: "S3: PUT below one prefix of the renditions", limit: 3_500, taken: (_, rate) => MODEL.renditionsEach * rate },
  { what: "S3: GET and HEAD below one prefix of the originals", limit: 5_500, taken: (_, rate) => 2 * rate },
  {
    what: "S3: HEAD below one prefix of the renditions",
    limit: 5_500,
    taken: (_, rate) => MODEL.renditionsEach * rate,
  },
  { what: "Step Functions: keys listed one list after the other, 150 ms each", limit: 6_667, taken: (_, rate) => rate },
  { what: "Step Functions: children of a Map run at once", limit: 10_000, taken: (sandboxes) => sandboxes },
];

/** How much is taken of each quota: what is over 100 % stops it, the highest first. */
export function quotaTable(settings: CostSettings): Table {
  return {
    title: "How much of a quota it takes, above 100 % the highest stops it first",
    head: ["quota", "limit", ...MODEL.sandboxes.map((sandboxes) => `${number(sandboxes)} sandboxes`)],
    rows: QUOTAS.map(({ what, limit, taken }) => [
      what,
      number(limit),
      ...MODEL.sandboxes.map(
        (sandboxes) => `${Math.round((100 * taken(sandboxes, picturesPerSecond(settings, sandboxes))) / limit)} %`,
      ),
    ]),
  };
}
