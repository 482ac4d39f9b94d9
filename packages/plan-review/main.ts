import { existsSync } from "node:fs";
import { join } from "node:path";
import { readJson, runCommand, UsageError } from "@image-pipeline/command";
import { reviewComment } from "./comment";
import type { Review } from "./findings";
import { readPlan } from "./plan-file";
import { synthesizedStack } from "./synthesized-stack";

const HELP = `Turns Terraform plans into one Markdown comment for a pull request, on standard output.

  npm run --silent review -- image-pipeline-dev=dev.json image-pipeline-prod=prod.json

  <stack>=<file>     a plan as JSON: terraform show -json plan.tfplan > dev.json
  --synth FOLDER     output of cdktf synth, for policies that a plan knows only after apply; default: cdktf.out
  --title TEXT       heading, default: Terraform plan
  --footnote TEXT    a last line, such as the commit
  --help             this text`;

runCommand({
  name: "review",
  help: HELP,
  options: {
    synth: { type: "string", default: "cdktf.out" },
    title: { type: "string", default: "Terraform plan" },
    footnote: { type: "string" },
  },
  allowPositionals: true,
  run: ({ values, positionals }) => {
    if (positionals.length === 0) throw new UsageError("expected at least one <stack>=<file>");
    const reviews = positionals.map((argument) => reviewOf(argument, values.synth));
    const { title, footnote } = values;
    process.stdout.write(`${reviewComment(reviews, { title, ...(footnote !== undefined && { footnote }) })}\n`);
  },
});

function reviewOf(argument: string, synthFolder: string): Review {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(argument) ?? [];
  if (name === undefined || file === undefined)
    throw new UsageError(`expected <stack>=<file> but received ${argument}`);
  const synthesized = join(synthFolder, "stacks", name, "cdk.tf.json");
  const plan = readPlan(file);
  return existsSync(synthesized) ? { name, plan, stack: synthesizedStack(readJson(synthesized)) } : { name, plan };
}
