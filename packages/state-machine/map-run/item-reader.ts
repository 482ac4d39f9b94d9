import { type NumberField, parseNumberField } from "../data/number-field";
import { type Language, type Payload, parsePayload } from "../data/payload";
import { DefinitionError, isArray, isObject, type Json, type JsonObject } from "../data/scope";
import { payloadNames, refuseOthers } from "./known-fields";

/** How the items stand in an object (docs: input-output-itemreader, `InputType`). */
export type Format =
  | { readonly kind: "JSON"; readonly pointer: readonly string[] }
  | { readonly kind: "JSONL" }
  | { readonly kind: "CSV"; readonly delimiter: string; readonly headers: readonly string[] | "FIRST_ROW" };

/** Where a distributed Map reads its items. */
export interface ItemReader {
  readonly source: { readonly kind: "list" } | { readonly kind: "object"; readonly format: Format };
  /** `Parameters` or `Arguments`: the bucket, and the key or prefix. */
  readonly parameters: Payload;
  readonly maxItems: NumberField;
}

const delimiters: ReadonlyMap<string, string> = new Map([
  ["COMMA", ","],
  ["PIPE", "|"],
  ["SEMICOLON", ";"],
  ["SPACE", " "],
  ["TAB", "\t"],
]);

const MAX_HEADER_BYTES = 10_240; // docs: input-output-itemreader, CSVHeaders: "up to 10 KiB"

/** Reads the field ItemReader. Throws a `DefinitionError` for what AWS or this package does not take. */
export function parseItemReader(json: Json, language: Language): ItemReader {
  if (!isObject(json)) throw new DefinitionError("Expected an object as ItemReader");
  const parametersField = language === "JSONPath" ? "Parameters" : "Arguments";
  refuseOthers(json, "ItemReader", ["Resource", "ReaderConfig", parametersField]);
  const action = /^arn:aws[a-z-]*:states:::s3:(getObject|listObjectsV2)$/.exec(textOf(json, "Resource"))?.[1];
  if (action === undefined) {
    throw new DefinitionError(
      `Expected arn:aws:states:::s3:getObject or arn:aws:states:::s3:listObjectsV2 as Resource of ItemReader but received '${textOf(json, "Resource")}'`,
    );
  }
  const config = json.ReaderConfig ?? {};
  if (!isObject(config)) throw new DefinitionError("Expected an object as ReaderConfig");
  const source = json[parametersField];
  // In JSONata an expression may give all arguments at once.
  const whole = language === "JSONata" && typeof source === "string";
  if (!isObject(source) && !whole) {
    throw new DefinitionError(`Expected an object as ${parametersField} of ItemReader`);
  }
  const list = action === "listObjectsV2";
  if (isObject(source)) {
    const names = list ? ["Bucket", "Prefix"] : ["Bucket", "Key", "VersionId"];
    refuseOthers(source, `${parametersField} of ItemReader`, payloadNames(names, language));
  }
  return {
    source: list ? parseList(config) : { kind: "object", format: parseFormat(config) },
    parameters: parsePayload(source, language, `ItemReader/${parametersField}`),
    maxItems: parseNumberField(config, "MaxItems", language, "integer"),
  };
}

const LIMITS = ["MaxItems", "MaxItemsPath"];

function parseList(config: JsonObject): { readonly kind: "list" } {
  refuseOthers(config, "ReaderConfig of listObjectsV2", [...LIMITS, "Transformation"]);
  const transformation = config.Transformation ?? "NONE";
  if (transformation !== "NONE") throw new DefinitionError(`Transformation ${String(transformation)} is not supported`);
  return { kind: "list" };
}

function parseFormat(config: JsonObject): Format {
  const type = textOf(config, "InputType");
  switch (type) {
    case "JSON":
      refuseOthers(config, "ReaderConfig of JSON", [...LIMITS, "InputType", "ItemsPointer"]);
      return { kind: "JSON", pointer: parsePointer(config.ItemsPointer ?? "") };
    case "JSONL":
      refuseOthers(config, "ReaderConfig of JSONL", [...LIMITS, "InputType"]);
      return { kind: "JSONL" };
    case "CSV":
      refuseOthers(config, "ReaderConfig of CSV", [
        ...LIMITS,
        "InputType",
        "CSVDelimiter",
        "CSVHeaderLocation",
        "CSVHeaders",
      ]);
      return { kind: "CSV", delimiter: parseDelimiter(config), headers: parseHeaders(config) };
    default:
      throw new DefinitionError(`InputType ${type} is not supported: expected CSV, JSON or JSONL`);
  }
}

/** A JSON Pointer of RFC 6901. */
function parsePointer(pointer: Json): readonly string[] {
  if (pointer === "") return [];
  if (typeof pointer !== "string" || !pointer.startsWith("/")) {
    throw new DefinitionError(`Expected a JSON Pointer as ItemsPointer but received ${JSON.stringify(pointer)}`);
  }
  return pointer
    .slice(1)
    .split("/")
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function parseDelimiter(config: JsonObject): string {
  const name = config.CSVDelimiter ?? "COMMA";
  const delimiter = typeof name === "string" ? delimiters.get(name) : undefined;
  if (delimiter !== undefined) return delimiter;
  throw new DefinitionError(
    `Expected one of ${[...delimiters.keys()].join(", ")} as CSVDelimiter but received ${JSON.stringify(name)}`,
  );
}

function parseHeaders(config: JsonObject): readonly string[] | "FIRST_ROW" {
  const location = textOf(config, "CSVHeaderLocation");
  const given = config.CSVHeaders;
  if (location === "FIRST_ROW") {
    if (given !== undefined) throw new DefinitionError("Expected no CSVHeaders beside CSVHeaderLocation FIRST_ROW");
    return location;
  }
  if (location !== "GIVEN")
    throw new DefinitionError(`Expected FIRST_ROW or GIVEN as CSVHeaderLocation but received '${location}'`);
  const headers = isArray(given) ? given.filter((header) => typeof header === "string") : [];
  if (!isArray(given) || given.length === 0 || headers.length < given.length) {
    throw new DefinitionError("Expected an array of strings as CSVHeaders beside CSVHeaderLocation GIVEN");
  }
  if (Buffer.byteLength(headers.join("")) > MAX_HEADER_BYTES) {
    throw new DefinitionError(`Expected CSVHeaders of at most ${MAX_HEADER_BYTES} bytes`);
  }
  return headers;
}

function textOf(object: JsonObject, name: string): string {
  const value = object[name];
  if (typeof value === "string") return value;
  throw new DefinitionError(`Expected a string as ${name}`);
}
