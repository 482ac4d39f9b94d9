import { readFileSync } from "node:fs";
import { CommandError } from "./command";

/** Reads a JSON file that another command has made. */
export function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${file}: expected a file with JSON: ${reason}`, { cause: error });
  }
}
