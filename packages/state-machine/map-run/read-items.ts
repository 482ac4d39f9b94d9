import { isArray, isObject, type Json } from "../data/scope";
import { csvRows } from "./csv-rows";
import type { Format, ItemReader } from "./item-reader";
import { arrayItems, notIterable, parseItem } from "./json-items";
import { itemsOf, type MapItem } from "./map-items";
import { asMapRunError, MapRunError } from "./map-run-error";
import type { Objects } from "./objects";
import { lines, textChunks } from "./text-chunks";

const FAILED = "States.ItemReaderFailed";

/**
 * The items of a reader, one after the other. `parameters` is the reader's payload for this execution, `maxItems` its
 * limit. Throws a `MapRunError` `States.ItemReaderFailed` for whatever the store or the object's text does not give.
 */
export async function* readItems(
  source: ItemReader["source"],
  parameters: Json,
  maxItems: number | undefined,
  objects: Objects,
): AsyncGenerator<MapItem> {
  if (maxItems !== undefined && maxItems < 1) throw new MapRunError(FAILED, "field MaxItems must be positive");
  const items = openItems(source, parameters, objects)[Symbol.asyncIterator]();
  try {
    for (let count = 0; count < (maxItems ?? Number.POSITIVE_INFINITY); count++) {
      const next = await items.next().catch((thrown: unknown) => {
        throw asMapRunError(FAILED, thrown);
      });
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await items.return(undefined);
  }
}

async function* openItems(source: ItemReader["source"], parameters: Json, objects: Objects): AsyncGenerator<MapItem> {
  const bucket = parameter(parameters, "Bucket");
  if (bucket === undefined) throw new MapRunError(FAILED, "Expected a string as Bucket of the ItemReader");
  if (source.kind === "list") {
    for await (const object of objects.list(bucket, parameter(parameters, "Prefix") ?? "")) {
      yield {
        value: {
          Etag: object.etag,
          LastModified: Math.floor(object.lastModified.getTime() / 1_000),
          Key: object.key,
          Size: object.size,
          StorageClass: object.storageClass,
        },
      };
    }
    return;
  }
  const key = parameter(parameters, "Key");
  if (key === undefined) throw new MapRunError(FAILED, "Expected a string as Key of the ItemReader");
  yield* readFormat(source.format, textChunks(objects.get(bucket, key, parameter(parameters, "VersionId"))));
}

function parameter(parameters: Json, name: string): string | undefined {
  const value = isObject(parameters) ? parameters[name] : undefined;
  return typeof value === "string" ? value : undefined;
}

async function* readFormat(format: Format, chunks: AsyncGenerator<string>): AsyncGenerator<MapItem> {
  switch (format.kind) {
    case "JSON":
      return yield* readJsonItems(format.pointer, chunks);
    case "JSONL":
      for await (const line of lines(chunks)) if (line.trim() !== "") yield { value: parseItem(line) };
      return;
    case "CSV":
      return yield* readRecords(format.headers, csvRows(chunks, format.delimiter));
  }
}

/** An array at the top is read item by item; objects, and what a pointer leads to, are held as a whole. */
async function* readJsonItems(pointer: readonly string[], chunks: AsyncGenerator<string>): AsyncGenerator<MapItem> {
  try {
    let head = "";
    while (head.trim() === "") {
      const next = await chunks.next();
      if (next.done) throw notIterable();
      head += next.value;
    }
    if (pointer.length === 0 && !head.trimStart().startsWith("{")) {
      for await (const value of arrayItems(resume(head, chunks))) yield { value };
      return;
    }
    let text = "";
    for await (const chunk of resume(head, chunks)) text += chunk;
    const items = itemsOf(follow(pointer, parseItem(text)));
    if (items === undefined) throw notIterable();
    yield* items;
  } finally {
    await chunks.return(undefined);
  }
}

async function* resume(head: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield head;
  yield* rest;
}

function follow(pointer: readonly string[], document: Json): Json {
  let value = document;
  for (const name of pointer) {
    let next: Json | undefined;
    if (isArray(value)) next = /^(0|[1-9]\d*)$/.test(name) ? value[Number(name)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, name)) next = value[name];
    if (next === undefined) throw new MapRunError(FAILED, `Expected a value at ItemsPointer /${pointer.join("/")}`);
    value = next;
  }
  return value;
}

/** Rows as objects of strings: what a row lacks is empty, what it has too much is left out (docs: input-output-itemreader). */
async function* readRecords(
  given: readonly string[] | "FIRST_ROW",
  rows: AsyncIterable<readonly string[]>,
): AsyncGenerator<MapItem> {
  let headers = given === "FIRST_ROW" ? undefined : unique(given);
  for await (const row of rows) {
    if (headers === undefined) headers = unique(row);
    else yield { value: Object.fromEntries(headers.map((header, index) => [header, row[index] ?? ""])) };
  }
}

function unique(headers: readonly string[]): readonly string[] {
  if (new Set(headers).size < headers.length) throw new MapRunError(FAILED, "CSV headers cannot contain duplicates.");
  return headers;
}
