import { type NumberField, type Numbers, parseNumberField } from "../data/number-field";
import type { Language } from "../data/payload";
import { DefinitionError, ExpressionError, isArray, isObject, type Json, type JsonObject } from "../data/scope";
import { DefinitionFault } from "./definition-fault";

/** The fields of one object of a definition. Whatever is wrong is a `DefinitionFault` that says where. */
export class Fields {
  readonly object: JsonObject;

  /** `location` is the JSON Pointer of the object, `state` that of the state it is part of. */
  constructor(
    json: Json | undefined,
    readonly location: string,
    private readonly state = location,
  ) {
    if (!isObject(json)) {
      throw new DefinitionFault("SCHEMA_VALIDATION_FAILED", "Expected value of type [OBJECT]", location);
    }
    this.object = json;
  }

  has(name: string): boolean {
    return this.object[name] !== undefined;
  }

  value(name: string): Json | undefined {
    return this.object[name];
  }

  /** Refuses every field that is not named: what is not known is never ignored. */
  only(names: Iterable<string>): void {
    const known = new Set(names);
    for (const name of Object.keys(this.object)) {
      if (!known.has(name)) this.refuseAll(`Field '${name}' is not supported`);
    }
  }

  /** A text, if it is there. */
  text(name: string): string | undefined {
    const value = this.object[name];
    if (value === undefined || typeof value === "string") return value;
    return this.refuse("Expected value of type [STRING]", name);
  }

  /** A text that has to be there. */
  requiredText(name: string): string {
    return this.text(name) ?? this.missing(name);
  }

  /** A text or null, if it is there. */
  textOrNull(name: string): string | null | undefined {
    return this.object[name] === null ? null : this.text(name);
  }

  oneOf<Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.object[name];
    if (value === undefined) return undefined;
    const found = words.find((word) => word === value);
    if (found !== undefined) return found;
    this.text(name);
    return this.refuse(`Value should be one of the following: [${words.join(", ")}]`, name);
  }

  boolean(name: string): boolean | undefined {
    const value = this.object[name];
    if (value === undefined || typeof value === "boolean") return value;
    return this.refuse("Expected value of type [BOOLEAN]", name);
  }

  /** A whole number from `least` to `most`, if it is there. */
  integer(name: string, least: number, most: number): number | undefined {
    const value = this.object[name];
    if (value === undefined) return undefined;
    if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
    return this.refuse(`Expected an integer from ${least} to ${most} but received ${JSON.stringify(value)}`, name);
  }

  /** The field `name` or `namePath`: a number, a path or an expression. */
  number(name: string, language: Language, numbers: Numbers = "integer"): NumberField {
    return this.read(name, () => parseNumberField(this.object, name, language, numbers));
  }

  array(name: string): readonly Json[] {
    const value = this.object[name];
    if (isArray(value)) return value;
    return value === undefined ? this.missing(name) : this.refuse("Expected value of type [ARRAY]", name);
  }

  /** The objects of a list, each with its place; none when the field is not there. */
  list(name: string): readonly Fields[] {
    if (!this.has(name)) return [];
    return this.array(name).map((item, index) => new Fields(item, `${this.location}/${name}[${index}]`, this.state));
  }

  child(name: string): Fields {
    return new Fields(this.object[name] ?? this.missing(name), `${this.location}/${name}`);
  }

  /** Reads a field that may be absent by a parser of the data language, whose errors then say where. */
  optional<T>(name: string, parse: (value: Json) => T): T | undefined {
    const value = this.object[name];
    return value === undefined ? undefined : this.read(name, () => parse(value));
  }

  /** The place of a field inside its state, as errors of expressions name it: `Catch[0]/Output`. */
  placeOf(name: string): string {
    return `${this.location}/${name}`.slice(this.state.length + 1);
  }

  read<T>(name: string, parse: () => T): T {
    try {
      return parse();
    } catch (cause) {
      if (cause instanceof ExpressionError) {
        throw new DefinitionFault(cause.code, cause.message, `${this.state}/${cause.field}`);
      }
      if (cause instanceof DefinitionError) return this.refuse(cause.message, name);
      throw cause;
    }
  }

  refuse(what: string, name: string): never {
    throw new DefinitionFault("SCHEMA_VALIDATION_FAILED", what, `${this.location}/${name}`);
  }

  /** Refuses the object itself. */
  refuseAll(what: string): never {
    throw new DefinitionFault("SCHEMA_VALIDATION_FAILED", what, this.location);
  }

  private missing(name: string): never {
    return this.refuseAll(`These fields are required: [${name}]`);
  }
}
