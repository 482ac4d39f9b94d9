import { createInterface } from "node:readline/promises";
import { CommandError } from "@image-pipeline/command";

/** Asks the person at the terminal. @throws CommandError where there is none */
export async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new CommandError("expected --yes or --dry-run where nobody can be asked");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
