/** A word that a text begins with and that is no JSON. */
export interface UnrecognizedToken {
  /** How the JSON reader of AWS, Jackson, names it. */
  readonly message: string;
  /** The text up to its end. */
  readonly before: string;
}

/** What is wrong with a text that is no JSON, if that is the word it begins with. */
export function unrecognizedToken(text: string): UnrecognizedToken | undefined {
  const [before] = /^\s*[A-Za-z_$][\w$]*/.exec(text) ?? [];
  if (before === undefined) return undefined;
  const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  return { message: `Unrecognized token '${before.trim()}': was expecting ${expected}`, before };
}
