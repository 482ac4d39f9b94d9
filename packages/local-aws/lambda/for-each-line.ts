import type { Readable } from "node:stream";

// "A log event can be no larger than 256 KB"; and a function that never ends its line must not fill the runner's memory.
const MAX_LINE_CHARACTERS = 262_144;

/** Calls back for each line of a stream, a very long one in pieces. */
export function forEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
    if (rest.length < MAX_LINE_CHARACTERS) return;
    onLine(rest);
    rest = "";
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
