import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";

/**
 * One block of the synthesized JSON, read argument by argument. `end()` refuses whatever nobody asked for, so the code
 * that reads a resource is also the list of what the runner understands of it.
 */
export class Block {
  readonly #read = new Set<string>();

  constructor(
    readonly address: string,
    private readonly values: JsonObject,
  ) {}

  string(name: string): string {
    return this.optionalString(name) ?? this.#missing(name, "a string");
  }

  optionalString(name: string): string | undefined {
    const value = this.#take(name);
    return value === undefined || typeof value === "string" ? value : this.#wrong(name, "a string", value);
  }

  /** A string of the form that AWS takes for an argument. */
  stringLike(name: string, form: RegExp, expected: string): string {
    const value = this.string(name);
    return form.test(value) ? value : this.#wrong(name, expected, value);
  }

  /** One of the words AWS knows for an argument. */
  oneOf<Word extends string>(name: string, words: readonly Word[]): Word {
    return this.optionalOneOf(name, words) ?? this.#missing(name, words.join(" or "));
  }

  optionalOneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.optionalString(name);
    return value === undefined
      ? undefined
      : (words.find((word) => word === value) ?? this.#wrong(name, words.join(" or "), value));
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#take(name);
    return value === undefined || typeof value === "number" ? value : this.#wrong(name, "a number", value);
  }

  /** A whole number in the range that AWS takes for an argument. */
  optionalWhole(name: string, least: number, most: number): number | undefined {
    const value = this.optionalNumber(name);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
    return this.#wrong(name, `a whole number from ${least} to ${most}`, value);
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.#take(name);
    return value === undefined || typeof value === "boolean" ? value : this.#wrong(name, "true or false", value);
  }

  strings(name: string): readonly string[] {
    const value = this.#take(name) ?? [];
    if (!Array.isArray(value)) return this.#wrong(name, "a list of strings", value);
    return value.map((item) => (typeof item === "string" ? item : this.#wrong(name, "a list of strings", value)));
  }

  stringMap(name: string): Readonly<Record<string, string>> {
    const value = this.#take(name) ?? {};
    if (!isJsonObject(value)) return this.#wrong(name, "a map of strings", value);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        typeof item === "string" ? item : this.#wrong(`${name}.${key}`, "a string", item),
      ]),
    );
  }

  /** The blocks under a name: Terraform JSON writes one block as an object or as a list of one. */
  blocks(name: string): readonly Block[] {
    const value = this.#take(name) ?? [];
    const items = Array.isArray(value) ? value : [value];
    return items.map((item, index) =>
      isJsonObject(item)
        ? new Block(`${this.address}.${name}${items.length > 1 ? `[${index}]` : ""}`, item)
        : this.#wrong(name, "a block", item),
    );
  }

  optionalBlock(name: string): Block | undefined {
    const [first, second] = this.blocks(name);
    if (second !== undefined) throw new UnsupportedError(this.address, `expected at most one ${name} block`);
    return first;
  }

  block(name: string): Block {
    return this.optionalBlock(name) ?? this.#missing(name, "a block");
  }

  /** An argument that holds JSON as text, as the policies and the state machine definition do. */
  jsonText(name: string): JsonObject {
    const text = this.string(name);
    try {
      const value: Json = JSON.parse(text);
      if (isJsonObject(value)) return value;
    } catch {
      // Reported below together with JSON that is no object.
    }
    throw new UnsupportedError(
      this.address,
      `expected ${name} to be the text of a JSON object but received ${preview(text)} (local runs read plain JSON with plain references, such as JSON.stringify gives, and no Terraform functions)`,
    );
  }

  /** Accepts arguments that change nothing on this machine; each call says why in a comment. */
  withoutLocalMeaning(...names: readonly string[]): void {
    for (const name of names) this.#read.add(name);
  }

  /** Refuses the first argument that was not read. */
  end(): void {
    for (const name of Object.keys(this.values)) {
      if (!this.#read.has(name) && this.values[name] !== null) {
        throw new UnsupportedError(this.address, `the local runner does not understand the argument "${name}"`);
      }
    }
  }

  #take(name: string): Json | undefined {
    this.#read.add(name);
    return this.values[name] ?? undefined;
  }

  #missing(name: string, expected: string): never {
    throw new UnsupportedError(this.address, `expected ${expected} for ${name} but received nothing`);
  }

  #wrong(name: string, expected: string, value: Json): never {
    throw new UnsupportedError(
      this.address,
      `expected ${expected} for ${name} but received ${preview(JSON.stringify(value))}`,
    );
  }
}

function preview(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
