import { DefinitionError } from "./scope";

/** A pattern of StringMatches: characters, and `undefined` where an asterisk stands for any characters. */
export type Pattern = readonly (string | undefined)[];

/** Reads a pattern: `*` is any characters, `\*` an asterisk, `\\` a backslash (docs: amazon-states-language-choice-state). */
export function parsePattern(text: string): Pattern {
  const pattern: (string | undefined)[] = [];
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (character === "*") pattern.push(undefined);
    else if (character === "\\") {
      const escaped = text.charAt(++index);
      if (escaped !== "*" && escaped !== "\\") {
        throw new DefinitionError(`Expected '*' or '\\' after each backslash of StringMatches but received '${text}'`);
      }
      pattern.push(escaped);
    } else pattern.push(character);
  }
  return pattern;
}

/** Whether the whole text fits. Goes back to the last asterisk only, so no pattern takes long. */
export function matches(pattern: Pattern, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < text.length; ) {
    if (at < pattern.length && pattern[at] === text.charAt(index)) {
      at++;
      index++;
    } else if (at < pattern.length && pattern[at] === undefined) {
      star = at++;
      resume = index;
    } else if (star !== -1) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (at < pattern.length && pattern[at] === undefined) at++;
  return at === pattern.length;
}
