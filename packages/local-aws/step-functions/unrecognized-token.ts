/** How the JSON reader of AWS, Jackson, names a word that is no JSON. */
export function unrecognizedToken(word: string): string {
  const expected = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
  return `Unrecognized token '${word}': was expecting ${expected}`;
}
