import { compileFilter, type Filter } from "./path-filter";
import { DefinitionError } from "./scope";

/** One step of a path, in the order they are written. */
export type Step =
  | { readonly kind: "names"; readonly names: readonly [string, ...string[]] }
  | { readonly kind: "indexes"; readonly indexes: readonly [number, ...number[]] }
  | { readonly kind: "slice"; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: "wildcard" }
  | { readonly kind: "filter"; readonly accepts: Filter }
  | { readonly kind: "descendants" };

/** Where a path begins: the state's input (`$`), the context object (`$$`) or a variable (`$name`). */
export type Root =
  | { readonly kind: "input" }
  | { readonly kind: "context" }
  | { readonly kind: "variable"; readonly name: string };

/** The longest name of a variable (docs: workflow-variables, "Variable name syntax"). */
export const MAX_VARIABLE_NAME = 80;

const variableName = /^\$(\p{ID_Start}\p{ID_Continue}*)/u;

/** True when a workflow may assign a variable of this name (docs: workflow-variables). */
export function isVariableName(name: string): boolean {
  return name.length <= MAX_VARIABLE_NAME && variableName.exec(`$${name}`)?.[1] === name;
}

/**
 * Reads a path of AWS's dialect. AWS's error texts are those of Jayway JsonPath, whose syntax is wider than RFC 9535 in
 * plain names (`$.detail-type`) and narrower in the rest, so the steps are read here; filters are json-p3's.
 */
export function readSyntax(text: string): { readonly root: Root; readonly steps: readonly Step[] } {
  const { root, length } = readRoot(text);
  const steps: Step[] = [];
  const cursor = new Cursor(text, length);
  while (!cursor.done) {
    if (cursor.take("..")) {
      steps.push({ kind: "descendants" });
      steps.push(cursor.peek === "[" ? readBracket(cursor) : readName(cursor));
    } else if (cursor.take(".")) {
      steps.push(cursor.peek === "[" ? readBracket(cursor) : readName(cursor));
    } else if (cursor.peek === "[") steps.push(readBracket(cursor));
    else throw cursor.fault("'.' or '['");
  }
  return { root, steps };
}

function readRoot(text: string): { root: Root; length: number } {
  if (text.startsWith("$$")) return { root: { kind: "context" }, length: 2 };
  const name = variableName.exec(text)?.[1];
  if (name !== undefined) {
    if (!isVariableName(name)) {
      throw new DefinitionError(`Expected a variable name of at most ${MAX_VARIABLE_NAME} characters in '${text}'`);
    }
    return { root: { kind: "variable", name }, length: name.length + 1 };
  }
  if (text.startsWith("$")) return { root: { kind: "input" }, length: 1 };
  throw new DefinitionError(`Expected a JSONPath that begins with '$' but received '${text}'`);
}

class Cursor {
  constructor(
    private readonly text: string,
    public position: number,
  ) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  get peek(): string {
    return this.text.charAt(this.position);
  }

  /** Steps over the literal when it comes next. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.position)) return false;
    this.position += literal.length;
    return true;
  }

  /** Steps over what the sticky pattern matches here. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position += found[0].length;
    return found;
  }

  fault(expected: string): DefinitionError {
    const came = this.done ? "its end" : `'${this.peek}'`;
    return new DefinitionError(
      `Invalid path '${this.text}': expected ${expected} at position ${this.position} but received ${came}`,
    );
  }
}

function readName(cursor: Cursor): Step {
  const name = cursor.match(/[^.[\]()\s'"?@,]+/y)?.[0];
  if (name === undefined) throw cursor.fault("the name of a field");
  // Jayway's functions, such as `.length()`, are no part of the Amazon States Language's paths.
  if (cursor.peek === "(") throw cursor.fault("a field, not a function");
  if (name === "*") return { kind: "wildcard" };
  if (name.includes("*")) throw cursor.fault(`['${name}'] for a name with an asterisk`);
  return { kind: "names", names: [name] };
}

function readBracket(cursor: Cursor): Step {
  cursor.take("[");
  if (cursor.match(/\s*\*\s*\]/y)) return { kind: "wildcard" };
  const slice = cursor.match(/\s*(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y);
  if (slice && slice[1] === undefined && slice[2] === undefined) throw cursor.fault("a start or an end in the slice");
  if (slice) return { kind: "slice", start: toNumber(slice[1]), end: toNumber(slice[2]) };
  const indexes = cursor.match(/\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y)?.[1];
  if (indexes !== undefined) {
    const [first = 0, ...others] = indexes.split(",").map(Number);
    return { kind: "indexes", indexes: [first, ...others] };
  }
  if (cursor.match(/\s*\?\s*(?=\()/y)) return { kind: "filter", accepts: compileFilter(readFilter(cursor)) };
  return { kind: "names", names: readQuotedNames(cursor) };
}

function toNumber(digits: string | undefined): number | undefined {
  return digits === undefined ? undefined : Number(digits);
}

function readQuotedNames(cursor: Cursor): [string, ...string[]] {
  const names: [string, ...string[]] = [readQuotedName(cursor)];
  while (cursor.match(/\s*,/y)) names.push(readQuotedName(cursor));
  if (!cursor.match(/\s*\]/y)) throw cursor.fault("',' or ']'");
  return names;
}

function readQuotedName(cursor: Cursor): string {
  const quoted = cursor.match(/\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/sy);
  if (quoted === undefined) throw cursor.fault("an index, a quoted name, '*', ':' or '?('");
  return (quoted[1] ?? quoted[2] ?? "").replaceAll(/\\(.)/gs, "$1");
}

/** The text between the outer parentheses of `?( ... )]`. */
function readFilter(cursor: Cursor): string {
  cursor.take("(");
  let text = "";
  for (let open = 1; ; ) {
    const piece = cursor.match(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[^'"()]+|[()]/sy)?.[0];
    if (piece === undefined) throw cursor.fault("')' at the end of the filter");
    if (piece === "(") open++;
    if (piece === ")" && --open === 0) break;
    text += piece;
  }
  if (!cursor.match(/\s*\]/y)) throw cursor.fault("']' after the filter");
  return text;
}
