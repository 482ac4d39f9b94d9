import type { Table } from "@image-pipeline/command";
import { type CostPart, type CostSettings, estimateCost } from "../estimate-cost";
import type { FoundPictures } from "./found-pictures";
import type { Measured } from "./measure-samples";

/** What a backfill will take. */
export interface Forecast {
  readonly seconds: number;
  readonly cost: readonly CostPart[];
}

// Step Functions starts a child and reads how it ended; the next picture of a place waits for that.
export const MS_BETWEEN_PICTURES = 50;
const MS_PER_SECOND = 1_000;
const BYTES_PER_MB = 1e6;

/** Time with so many pictures at once, and cost by list prices, of what was found and measured. */
export function forecastOf(
  settings: CostSettings,
  maxConcurrency: number,
  found: FoundPictures,
  { millisecondsEach, renditionsEach }: Measured,
): Forecast {
  const pictures = found.total;
  const bytes = found.byExtension.reduce((sum, kind) => sum + (kind.bytes ?? 0), 0);
  return {
    seconds: (pictures * (millisecondsEach + MS_BETWEEN_PICTURES)) / MS_PER_SECOND / maxConcurrency,
    cost: estimateCost(settings, {
      pictures,
      renditionsEach,
      megabytesEach: pictures === 0 ? 0 : bytes / pictures / BYTES_PER_MB,
      millisecondsEach,
    }),
  };
}

/** What was found, an extension a row. */
export function foundTable(found: FoundPictures, title: string): Table {
  return {
    title,
    head: ["extension", "objects", "MB"],
    rows: [
      ...found.byExtension.map(({ extension, count, bytes }) => [
        extension,
        count.toLocaleString("en-US"),
        bytes === undefined ? "" : megabytes(bytes),
      ]),
    ],
  };
}

const megabytes = (bytes: number): string =>
  (bytes / BYTES_PER_MB).toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The bill, a part a row. */
export function forecastTable({ cost }: Forecast, title: string): Table {
  const dollars = (value: number) => `$${value.toFixed(2)}`;
  const rows = cost.filter(({ backfillDollars }) => backfillDollars > 0);
  return {
    title,
    head: ["part", "cost"],
    rows: [
      ...rows.map(({ part, backfillDollars }) => [part, dollars(backfillDollars)]),
      ["sum", dollars(rows.reduce((sum, { backfillDollars }) => sum + backfillDollars, 0))],
    ],
  };
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `40 s`, `12 min`, `3.5 h` or `9.2 days`. */
export function duration(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${Math.ceil(seconds)} s`;
  if (seconds < 2 * HOUR) return `${Math.ceil(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${(seconds / HOUR).toFixed(1)} h`;
  return `${(seconds / DAY).toFixed(1)} days`;
}
