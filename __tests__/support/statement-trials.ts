/**
 * Takes each statement out of a synthesized stack in turn and tries the pipeline. Prints one trial a line, as JSON.
 * Usage: tsx statement-trials.ts <cdk.tf.json>
 */
import { readFileSync } from "node:fs";
import { thisMachine } from "../../local/this-machine";
import { buildSharpLayer } from "../../packaging/sharp-layer";
import { type Change, trial } from "./local-trial";

/** The arguments that hold a policy, by resource type. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_sqs_queue_policy: "policy",
};
const AT_ONCE = 3;

function changes(stack: string): readonly Change[] {
  const found: Change[] = [{ name: "nothing", apply: (text) => text }];
  for (const [type, argument] of Object.entries(POLICIES)) {
    for (const [name, resource] of Object.entries(JSON.parse(stack).resource[type])) {
      const policy = JSON.parse(Reflect.get(Object(resource), argument));
      policy.Statement.forEach(({ Sid }: { Sid: string }, index: number) => {
        found.push({
          name: `${type}.${name} ${Sid}`,
          apply: (text) => withoutStatement(text, type, name, argument, index),
        });
      });
    }
  }
  return found;
}

function withoutStatement(text: string, type: string, name: string, argument: string, index: number): string {
  const stack = JSON.parse(text);
  const resource = stack.resource[type][name];
  const policy = JSON.parse(resource[argument]);
  policy.Statement.splice(index, 1);
  resource[argument] = JSON.stringify(policy);
  return JSON.stringify(stack);
}

async function main(): Promise<void> {
  const stackPath = process.argv[2] ?? "";
  const { path: layer } = await buildSharpLayer(thisMachine());
  const waiting = [...changes(readFileSync(stackPath, "utf8"))];
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
