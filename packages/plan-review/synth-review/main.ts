import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { CommandError, readJson, runCommand, UsageError } from "@image-pipeline/command";
import { reviewComment } from "../comment";
import { stackComparison } from "./stack-comparison";

const HELP = `Compares two outputs of \`cdktf synth\`, for a review without credentials, as Markdown on standard output.

  npm run --silent review:synth -- base/cdktf.out cdktf.out`;

const FOOTNOTE =
  "This compares what is written, not what is deployed: a change that destroys and re-creates looks like any other here. A maintainer can push the branch to this repository to have it planned.";

runCommand({
  name: "review:synth",
  help: HELP,
  options: {},
  allowPositionals: true,
  run: ({ positionals }) => {
    const [base, head] = positionals;
    if (base === undefined || head === undefined) throw new UsageError("expected two folders");
    const names = [...new Set([...stacksIn(base), ...stacksIn(head)])].toSorted();
    const reviews = names.map((name) => ({ name, plan: stackComparison(stackIn(base, name), stackIn(head, name)) }));
    const text = reviewComment(reviews, {
      title: "Synthesized stacks, compared with the base branch",
      footnote: FOOTNOTE,
      digests: false,
    });
    process.stdout.write(`${text}\n`);
  },
});

function stacksIn(folder: string): readonly string[] {
  const stacks = join(folder, "stacks");
  if (!existsSync(stacks))
    throw new CommandError(`${folder}: expected the output of cdktf synth, with a folder stacks`);
  return readdirSync(stacks);
}

function stackIn(folder: string, name: string): unknown {
  const file = join(folder, "stacks", name, "cdk.tf.json");
  return existsSync(file) ? readJson(file) : {};
}
