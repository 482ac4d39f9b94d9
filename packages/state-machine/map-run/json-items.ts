import { readJson } from "../data/json-text";
import type { Json } from "../data/scope";
import { MapRunError } from "./map-run-error";

const FAILED = "States.ItemReaderFailed";

/** JSON text in an object, item by item: only one item of an array is held at a time. */
export async function* arrayItems(chunks: AsyncIterable<string>): AsyncGenerator<Json> {
  const splitter = new ArraySplitter();
  for await (const chunk of chunks) {
    for (const text of splitter.read(chunk)) yield parseItem(text);
  }
  splitter.end();
}

/** One line's or item's value. */
export function parseItem(text: string): Json {
  const value = readJson(text, "States.Runtime");
  if (value === undefined) throw new MapRunError(FAILED, `Expected JSON but received '${text.trim().slice(0, 100)}'`);
  return value;
}

/** Finds where the items of an outermost array begin and end, without reading the items themselves. */
class ArraySplitter {
  private state: "before" | "inside" | "after" = "before";
  private item = "";
  /** Brackets and braces that are open inside the item. */
  private depth = 0;
  private inString = false;
  private escaped = false;
  private count = 0;

  *read(chunk: string): Generator<string> {
    let start = 0;
    for (let index = 0; index < chunk.length; index++) {
      const character = chunk.charAt(index);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (character === "\\") this.escaped = true;
        else if (character === '"') this.inString = false;
      } else if (this.state !== "inside") {
        this.outside(character);
        start = index + 1;
      } else if (character === '"') this.inString = true;
      else if (character === "[" || character === "{") this.depth++;
      else if (this.depth > 0 && (character === "]" || character === "}")) this.depth--;
      else if (this.depth === 0 && (character === "," || character === "]")) {
        const text = this.item + chunk.slice(start, index);
        this.item = "";
        start = index + 1;
        if (character === "]") this.state = "after";
        if (character === "," || this.count > 0 || text.trim() !== "") yield text;
        this.count++;
      }
    }
    if (this.state === "inside") this.item += chunk.slice(start);
  }

  end(): void {
    if (this.state === "before") throw notIterable();
    if (this.state === "inside") throw new MapRunError(FAILED, "Expected ']' at the end of the JSON array");
  }

  private outside(character: string): void {
    if (/\s/.test(character)) return;
    if (this.state === "after") {
      throw new MapRunError(FAILED, `Expected the end after the JSON array but received '${character}'`);
    }
    if (character !== "[") throw notIterable();
    this.state = "inside";
  }
}

/** The cause AWS gives for JSON that is no collection. */
export function notIterable(): MapRunError {
  return new MapRunError(FAILED, "Attempting to map over non-iterable node.");
}
