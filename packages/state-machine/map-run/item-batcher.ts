import { evaluateNumberField, type NumberField, parseNumberField } from "../data/number-field";
import { evaluatePayload, type FieldData, type Language, type Payload, parsePayload } from "../data/payload";
import { DefinitionError, isObject, type Json, QueryError } from "../data/scope";
import { refuseOthers } from "./known-fields";
import { MapRunError } from "./map-run-error";

/** How items are put together for one child (docs: input-output-itembatcher). */
export interface ItemBatcher {
  readonly maxItems: NumberField;
  readonly maxBytes: NumberField;
  /** What every batch carries beside its items. */
  readonly batchInput: Payload | undefined;
}

/** An ItemBatcher for one execution. */
export interface BatchLimits {
  readonly maxItems: number;
  readonly maxBytes: number;
  readonly batchInput: Json | undefined;
}

/** One child's input, and how many items failed when it fails. */
export interface Batch {
  readonly input: Json;
  readonly items: number;
}

const MAX_INPUT_BYTES = 262_144; // docs: input-output-itembatcher, MaxInputBytesPerBatch: "up to 256 KiB"

const fields = [
  "BatchInput",
  "MaxItemsPerBatch",
  "MaxItemsPerBatchPath",
  "MaxInputBytesPerBatch",
  "MaxInputBytesPerBatchPath",
];

/** Reads the field ItemBatcher. Throws a `DefinitionError`. */
export function parseItemBatcher(json: Json, language: Language): ItemBatcher {
  if (!isObject(json)) throw new DefinitionError("Expected an object as ItemBatcher");
  refuseOthers(json, "ItemBatcher", fields);
  const maxItems = parseNumberField(json, "MaxItemsPerBatch", language, "integer");
  const maxBytes = parseNumberField(json, "MaxInputBytesPerBatch", language, "integer");
  if (maxItems.kind === "absent" && maxBytes.kind === "absent") {
    throw new DefinitionError("Expected MaxItemsPerBatch or MaxInputBytesPerBatch in ItemBatcher");
  }
  for (const [name, field, most] of [
    ["MaxItemsPerBatch", maxItems, Number.MAX_SAFE_INTEGER],
    ["MaxInputBytesPerBatch", maxBytes, MAX_INPUT_BYTES],
  ] as const) {
    if (field.kind === "constant" && (field.value < 1 || field.value > most)) {
      throw new DefinitionError(`Expected ${name} from 1 to ${most} but received ${field.value}`);
    }
  }
  const batchInput =
    json.BatchInput === undefined ? undefined : parsePayload(json.BatchInput, language, "ItemBatcher/BatchInput");
  return { maxItems, maxBytes, batchInput };
}

/** The limits for the data of one execution. Throws a `QueryError`. */
export async function evaluateItemBatcher(batcher: ItemBatcher, data: FieldData): Promise<BatchLimits> {
  const maxItems = await evaluateNumberField(batcher.maxItems, data);
  const maxBytes = await evaluateNumberField(batcher.maxBytes, data);
  if (maxItems !== undefined && maxItems < 1) {
    throw new QueryError("States.Runtime", `Expected MaxItemsPerBatch above 0 but received ${maxItems}`);
  }
  if (maxBytes !== undefined && (maxBytes < 1 || maxBytes > MAX_INPUT_BYTES)) {
    throw new QueryError(
      "States.Runtime",
      `Expected MaxInputBytesPerBatch from 1 to ${MAX_INPUT_BYTES} but received ${maxBytes}`,
    );
  }
  return {
    maxItems: maxItems ?? Number.POSITIVE_INFINITY,
    maxBytes: maxBytes ?? MAX_INPUT_BYTES,
    batchInput: batcher.batchInput === undefined ? undefined : await evaluatePayload(batcher.batchInput, data),
  };
}

/** Puts items together until one more would pass a limit. An item too large for any batch is a `MapRunError`. */
export async function* batchItems(items: AsyncIterable<Json>, limits: BatchLimits): AsyncGenerator<Batch> {
  const empty = byteLength(inputOf([], limits));
  let batch: Json[] = [];
  let bytes = empty;
  for await (const item of items) {
    const size = byteLength(item);
    if (empty + size > limits.maxBytes) {
      throw new MapRunError(
        "States.Runtime",
        `Expected items that fit into a batch of ${limits.maxBytes} bytes but received one that makes ${empty + size}`,
      );
    }
    // Every item but the first has a comma before it.
    if (batch.length > 0 && (batch.length >= limits.maxItems || bytes + 1 + size > limits.maxBytes)) {
      yield { input: inputOf(batch, limits), items: batch.length };
      batch = [];
      bytes = empty;
    }
    bytes += size + (batch.length > 0 ? 1 : 0);
    batch.push(item);
  }
  if (batch.length > 0) yield { input: inputOf(batch, limits), items: batch.length };
}

function inputOf(batch: readonly Json[], limits: BatchLimits): Json {
  return limits.batchInput === undefined ? { Items: batch } : { BatchInput: limits.batchInput, Items: batch };
}

function byteLength(value: Json): number {
  return Buffer.byteLength(JSON.stringify(value));
}
