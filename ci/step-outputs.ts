import { setOutput } from "@actions/core";

/** Gives outputs to the later steps of a job, and prints them. Outside of GitHub Actions there is nobody to give them to. */
export function stepOutputs(outputs: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(outputs)) {
    process.stdout.write(`${name}=${value}\n`);
    if (process.env.GITHUB_OUTPUT) setOutput(name, value);
  }
}
