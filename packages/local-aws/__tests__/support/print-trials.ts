import { readFileSync } from "node:fs";
import { buildSharpLayer } from "../../../../packaging/sharp-layer";
import { thisMachine } from "../../this-machine";
import type { Change } from "./local-trial";
import { boundaryChanges, changes } from "./statement-changes";

const AT_ONCE = 3;

/** Tries the changes of the stack that the program was started with, some at once, and ends it. Prints a trial a line, as JSON. */
export function printTrials(
  isTried: (change: Change) => boolean,
  trial: (stackPath: string, layer: string, change: Change) => Promise<object>,
): void {
  const work = async () => {
    const stackPath = process.argv[2] ?? "";
    const { path: layer } = await buildSharpLayer(thisMachine());
    const waiting = [...changes(readFileSync(stackPath, "utf8")), ...boundaryChanges(stackPath)].filter(isTried);
    const one = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift())
        console.log(JSON.stringify(await trial(stackPath, layer, next)));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  };
  work().then(
    // When all is written: a pipe may not have taken it yet.
    () => process.stdout.write("", () => process.exit(0)),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
