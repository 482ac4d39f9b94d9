import { type Path, parsePath } from "./path";
import { DefinitionError } from "./scope";

/** A call of an intrinsic function as it is written. */
export interface Call {
  /** The name without `States.`. */
  readonly name: string;
  readonly text: string;
  readonly args: readonly Argument[];
}

/** One argument of a call. */
export type Argument =
  | { readonly kind: "string"; readonly raw: string; readonly text: string }
  | { readonly kind: "constant"; readonly value: number | boolean | null }
  | { readonly kind: "path"; readonly path: Path }
  | { readonly kind: "call"; readonly call: Call };

/** The functions one field may hold, the outer one counted (docs: intrinsic-functions, "nest up to 10"). */
const MAX_CALLS = 10;

/** Reads `States.Name(argument, ...)`. Throws a `DefinitionError` that names the position of the fault. */
export function readCall(text: string): Call {
  const reader = new Reader(text);
  const call = reader.call();
  if (!reader.done) throw reader.fault("the end");
  return call;
}

class Reader {
  private position = 0;
  private calls = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    return this.position >= this.text.length;
  }

  fault(expected: string): DefinitionError {
    const came = this.done ? "its end" : `'${this.text.charAt(this.position)}'`;
    return new DefinitionError(
      `Invalid function '${this.text}': expected ${expected} at position ${this.position} but received ${came}`,
    );
  }

  call(): Call {
    const start = this.position;
    if (++this.calls > MAX_CALLS) {
      throw new DefinitionError(`Expected at most ${MAX_CALLS} intrinsic functions in one field: '${this.text}'`);
    }
    const name = this.match(/States\.(\w+)\s*\(\s*/y)?.[1];
    if (name === undefined) throw this.fault("States.<function>(");
    const args: Argument[] = [];
    if (!this.match(/\)/y)) {
      do args.push(this.argument());
      while (this.match(/\s*,\s*/y));
      if (!this.match(/\s*\)/y)) throw this.fault("',' or ')'");
    }
    return { name, text: this.text.slice(start, this.position), args };
  }

  private argument(): Argument {
    switch (this.text.charAt(this.position)) {
      case "'":
        return this.string();
      case "$":
        return { kind: "path", path: parsePath(this.pathText()) };
      case "S":
        return { kind: "call", call: this.call() };
    }
    const literal = this.match(/(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?=\s*[,)])/y)?.[0];
    if (literal === undefined)
      throw this.fault("a string in single quotes, a number, true, false, null, a path or a function");
    return { kind: "constant", value: JSON.parse(literal) };
  }

  /** A backslash may stand before `'`, `{`, `}` and itself only (docs: intrinsic-functions, "Reserved characters"). */
  private string(): Argument {
    const raw = this.match(/'((?:[^'\\]|\\['{}\\])*)'/y)?.[1];
    if (raw === undefined) throw this.fault("a string in which ' and \\ have a backslash before them");
    return { kind: "string", raw, text: raw.replaceAll(/\\(.)/g, "$1") };
  }

  /** A path ends at the comma or parenthesis that stands in none of its own brackets. */
  private pathText(): string {
    const path = this.match(
      /\$(?:[^,()[\]\s]|\[(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\[[^\]]*\]|[^'"[\]])*\])*/sy,
    )?.[0];
    if (path === undefined) throw this.fault("a path");
    return path;
  }

  private match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position += found[0].length;
    return found;
  }
}
