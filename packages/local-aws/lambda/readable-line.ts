import { isJsonObject, type Json, parseJson } from "../json";

/** One line of a function's output for a person: of a JSON log line the level and the message. */
export function readableLine(line: string): string {
  let entry: Json;
  try {
    entry = parseJson(line);
  } catch {
    return line;
  }
  if (!isJsonObject(entry) || typeof entry.level !== "string" || entry.message === undefined) return line;
  return `${entry.level} ${typeof entry.message === "string" ? entry.message : JSON.stringify(entry.message)}`;
}
