// Everything a plan says may come from outside: names, tags and policies hold what somebody typed. It reaches the comment
// only through these functions, which leave it no way to become Markdown, HTML, a mention or a link.

// Control and formatting characters, among them those that reverse the order of what follows (CVE-2021-42574).
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}]/gu;

/** The text on one line, with every character visible that would not be. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => {
    if (character === "\n") return "\\n";
    if (character === "\t") return "\\t";
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The text cut to a length, saying how much is missing. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length).replace(/[\uD800-\uDBFF]$/, "")}… (${text.length - length} more characters)`;
}

/** A code span. https://spec.commonmark.org/0.31.2/#code-spans */
export function code(text: string, length = 300): string {
  const content = cut(visible(text), length);
  const ticks = "`".repeat(longestRun(content) + 1);
  const padding = content === "" || /^[` ]|[` ]$/.test(content) ? " " : "";
  return `${ticks}${padding}${content}${padding}${ticks}`;
}

/** A code span inside a table, where a bar ends the cell even within code. https://github.github.com/gfm/#tables-extension- */
export function tableCode(text: string): string {
  return code(text).replaceAll("|", "\\|");
}

/** A fenced block, each entry one line. */
export function fenced(lines: readonly string[], language: string): string {
  const shown = lines.map(visible);
  const ticks = "`".repeat(Math.max(3, longestRun(shown.join("\n")) + 1));
  return [`${ticks}${language}`, ...shown, ticks].join("\n");
}

/** Text inside HTML, such as a summary, where Markdown does not apply. */
export function html(text: string): string {
  return cut(visible(text), 200).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const longestRun = (text: string): number => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
