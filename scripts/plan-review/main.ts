import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { reviewComment } from "./comment";
import type { Review } from "./findings";
import { synthesizedStack } from "./synthesized-stack";
import { parsePlan, UnreadablePlan } from "./terraform-plan";

const USAGE = `Turns Terraform plans into one Markdown comment for a pull request, on standard output.

  npm run --silent review -- image-pipeline-dev=dev.json image-pipeline-prod=prod.json

  <stack>=<file>     a plan as JSON: terraform show -json plan.tfplan > dev.json
  --synth FOLDER     output of cdktf synth, for policies that a plan knows only after apply; default: cdktf.out
  --title TEXT       heading, default: Terraform plan
  --footnote TEXT    a last line, such as the commit
  --help             this text`;

/** The command line is not one that the usage allows. */
class InvalidArguments extends Error {
  override readonly name = "InvalidArguments";
}

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      synth: { type: "string", default: "cdktf.out" },
      title: { type: "string", default: "Terraform plan" },
      footnote: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help) {
    console.info(USAGE);
    return;
  }
  if (positionals.length === 0) throw new InvalidArguments("expected at least one <stack>=<file>");
  const reviews = positionals.map((argument) => reviewOf(argument, values.synth));
  const { title, footnote } = values;
  process.stdout.write(`${reviewComment(reviews, { title, ...(footnote !== undefined && { footnote }) })}\n`);
}

function reviewOf(argument: string, synthFolder: string): Review {
  const [, name, file] = /^([^=]+)=(.+)$/.exec(argument) ?? [];
  if (name === undefined || file === undefined)
    throw new InvalidArguments(`expected <stack>=<file> but received ${argument}`);
  const synthesized = join(synthFolder, "stacks", name, "cdk.tf.json");
  try {
    const plan = parsePlan(readJson(file));
    return existsSync(synthesized) ? { name, plan, stack: synthesizedStack(readJson(synthesized)) } : { name, plan };
  } catch (error) {
    if (error instanceof UnreadablePlan) throw new UnreadablePlan(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidArguments(
      `${file}: expected a file with JSON: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
}

try {
  main();
} catch (error) {
  // What a person can mend is said in a line; anything else is a defect and keeps its stack trace.
  const isMendable =
    error instanceof InvalidArguments ||
    error instanceof UnreadablePlan ||
    (error instanceof TypeError && "code" in error);
  console.error(isMendable ? `review: ${error instanceof Error ? error.message : error}` : error);
  process.exitCode = 2;
}
