import type { Execution } from "@image-pipeline/state-machine";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../json";

/** What an output says of a picture that was read or written. */
export interface SaidPicture {
  readonly name?: string;
  readonly bucket: string;
  readonly key: string;
  readonly width?: number;
  readonly height?: number;
  readonly format?: string;
  readonly bytes?: number;
}

/** What an execution has answered, as far as it speaks of pictures. */
export interface Results {
  readonly source: SaidPicture | undefined;
  readonly renditions: readonly SaidPicture[];
}

const NOTHING: Results = { source: undefined, renditions: [] };

/** An outcome does not change, and lists are drawn many times a second. */
const known = new WeakMap<object, Results>();

/** The pictures that the output of an execution names. */
export function resultsOf({ outcome }: Execution): Results {
  if (outcome?.status !== "SUCCEEDED") return NOTHING;
  const before = known.get(outcome);
  if (before !== undefined) return before;
  const output = parseJson(outcome.output);
  const { source, renditions } = isJsonObject(output) ? output : {};
  const listed = Array.isArray(renditions) ? renditions : [];
  const results = {
    source: pictureOf(source),
    renditions: listed.map(pictureOf).filter((picture) => picture !== undefined),
  };
  known.set(outcome, results);
  return results;
}

function pictureOf(value: Json | undefined): SaidPicture | undefined {
  if (!isJsonObject(value)) return undefined;
  const { name, bucket, key } = value;
  if (typeof bucket !== "string" || typeof key !== "string") return undefined;
  return { bucket, key, ...(typeof name === "string" && { name }), ...sizeOf(value) };
}

function sizeOf({ width, height, format, bytes }: JsonObject) {
  return {
    ...(typeof width === "number" && { width }),
    ...(typeof height === "number" && { height }),
    ...(typeof format === "string" && { format }),
    ...(typeof bytes === "number" && { bytes }),
  };
}
