import { parseJsonata } from "../data/jsonata";
import { parsePath } from "../data/path";
import { type Language, parsePayload } from "../data/payload";
import { isArray } from "../data/scope";
import { MAX_SECONDS } from "../limits";
import { parseItemBatcher } from "../map-run/item-batcher";
import { parseItemReader } from "../map-run/item-reader";
import { noResultWriter, parseResultWriter } from "../map-run/result-writer";
import type { DistributedMap, MapState } from "./definition";
import type { Fields } from "./fields";
import type { Nesting } from "./nesting";
import { parseRecovery } from "./parse-recovery";
import { parseStep, WORK } from "./parse-step";

const DISTRIBUTED = [
  "ItemReader",
  "ItemBatcher",
  "ResultWriter",
  "Label",
  "ToleratedFailurePercentage",
  "ToleratedFailureCount",
];
const DISTRIBUTED_PATHS = ["ToleratedFailurePercentagePath", "ToleratedFailureCountPath"];

/** Reads a Map of either mode (docs: state-map). `Iterator` and `Parameters` are the former names of fields. */
export function parseMap(name: string, fields: Fields, language: Language, nesting: Nesting): MapState {
  const jsonPath = language === "JSONPath";
  const processorField = fields.has("Iterator") && !fields.has("ItemProcessor") ? "Iterator" : "ItemProcessor";
  const selectorField = jsonPath && fields.has("Parameters") ? "Parameters" : "ItemSelector";
  if (selectorField === "Parameters" && fields.has("ItemSelector")) {
    fields.refuse("Expected one of ItemSelector and Parameters but received both", "Parameters");
  }
  const processor = fields.child(processorField);
  const config = processor.has("ProcessorConfig") ? processor.child("ProcessorConfig") : undefined;
  const distributed = config?.oneOf("Mode", ["INLINE", "DISTRIBUTED"]) === "DISTRIBUTED";
  const own = [
    processorField,
    selectorField,
    "MaxConcurrency",
    "Retry",
    "Catch",
    ...(jsonPath ? ["ItemsPath", "MaxConcurrencyPath"] : ["Items"]),
    ...(distributed ? DISTRIBUTED : []),
    ...(distributed && jsonPath ? DISTRIBUTED_PATHS : []),
  ];
  const { flow, ...step } = parseStep(name, fields, language, { ...WORK, payload: false }, own);
  const maxConcurrency = fields.number("MaxConcurrency", language);
  if (maxConcurrency.kind === "constant") fields.integer("MaxConcurrency", 0, MAX_SECONDS);
  processor.only(["Comment", "StartAt", "States", "ProcessorConfig", ...(distributed ? ["TimeoutSeconds"] : [])]);
  config?.only(distributed ? ["Mode", "ExecutionType"] : ["Mode"]);
  return {
    type: "Map",
    ...step,
    // `Parameters` of a Map is its ItemSelector, not what becomes of its input.
    flow: flow.language === "JSONPath" ? { ...flow, parameters: undefined } : flow,
    ...parseRecovery(fields, language),
    // The children of a distributed Map are executions of their own: their names are no names of this one.
    processor: nesting.parseWorkflow(processor, nesting.language, distributed ? new Set() : nesting.taken),
    items: parseItems(fields, language),
    itemSelector: fields.optional(selectorField, (value) => parsePayload(value, language, selectorField)),
    maxConcurrency,
    distributed:
      distributed && config !== undefined ? parseDistributed(fields, config, processor, language) : undefined,
  };
}

function parseItems(fields: Fields, language: Language): MapState["items"] {
  if (language === "JSONPath") {
    const text = fields.text("ItemsPath") ?? "$";
    return { language, path: fields.read("ItemsPath", () => parsePath(text)) };
  }
  const template = fields.optional("Items", (value) => {
    if (typeof value !== "string" && !isArray(value))
      return fields.refuse("Expected an array or an expression", "Items");
    return parseJsonata(value, "Items");
  });
  return { language, template };
}

function parseDistributed(fields: Fields, config: Fields, processor: Fields, language: Language): DistributedMap {
  const childType = config.oneOf("ExecutionType", ["STANDARD", "EXPRESS"]);
  if (childType === undefined) return config.refuse("These fields are required: [ExecutionType]", "ExecutionType");
  const label = fields.text("Label");
  // docs: state-map-distributed, Label: "cannot exceed 40 characters", without white space, wildcards, brackets and more.
  if (label !== undefined && !/^[^\s?*<>{}[\]:;,\\|^~$#%&`"/\p{Cc}]{1,40}$/u.test(label)) {
    fields.refuse("Expected 1 to 40 characters without spaces, wildcards, brackets and special characters", "Label");
  }
  const percentage = fields.number("ToleratedFailurePercentage", language, "number");
  if (percentage.kind === "constant" && (percentage.value < 0 || percentage.value > 100)) {
    fields.refuse("Expected a number from 0 to 100", "ToleratedFailurePercentage");
  }
  const count = fields.number("ToleratedFailureCount", language);
  if (count.kind === "constant" && count.value < 0) fields.refuse("Expected at least 0", "ToleratedFailureCount");
  if (fields.has("ItemReader") && (fields.has("ItemsPath") || fields.has("Items"))) {
    fields.refuse("Expected no other items beside an ItemReader", fields.has("ItemsPath") ? "ItemsPath" : "Items");
  }
  return {
    childType,
    childTimeoutSeconds: processor.integer("TimeoutSeconds", 1, MAX_SECONDS),
    label,
    reader: fields.optional("ItemReader", (value) => parseItemReader(value, language)),
    batcher: fields.optional("ItemBatcher", (value) => parseItemBatcher(value, language)),
    writer: fields.optional("ResultWriter", (value) => parseResultWriter(value, language)) ?? noResultWriter,
    toleratedFailurePercentage: percentage,
    toleratedFailureCount: count,
  };
}
