/**
 * Takes each statement out of a synthesized stack in turn, and out of a permissions boundary around all of its roles, and
 * tries the pipeline. Prints one trial a line, as JSON.
 * Usage: tsx statement-trials.ts <cdk.tf.json>
 */
import { readFileSync } from "node:fs";
import { buildSharpLayer } from "../../../../packaging/sharp-layer";
import { thisMachine } from "../../this-machine";
import { trial } from "./local-trial";
import { boundaryChanges, changes } from "./statement-changes";

const AT_ONCE = 3;

async function main(): Promise<void> {
  const stackPath = process.argv[2] ?? "";
  const { path: layer } = await buildSharpLayer(thisMachine());
  const waiting = [...changes(readFileSync(stackPath, "utf8")), ...boundaryChanges(stackPath)];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      console.log(JSON.stringify(await trial(stackPath, layer, next)));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
}

main().then(
  // When all is written: a pipe may not have taken it yet.
  () => process.stdout.write("", () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
