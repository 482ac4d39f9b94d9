import { join } from "node:path";
import { parseArgs } from "node:util";
import { CommandError, command } from "@image-pipeline/command";
import { stackId } from "../stacks/names";
import { planStack } from "./planned-stack";
import { temporaryFolder } from "./temporary-folder";

const USAGE = `Plans an environment and saves what a review and a later deployment compare.

  npx tsx ci/plan.ts dev plans     saves plan.json and cdk.tf.json in plans/image-pipeline-dev/

Neither holds a value that is sensitive in the plan, and the plan file itself, which does, is not kept.

Needs cdktf.out of \`npm run synth\`, terraform, and credentials that may read. It takes no lock, which would be a write.`;

command("plan", () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  if (values.help) {
    console.info(USAGE);
    return;
  }
  const [environment, folder] = positionals;
  if (environment === undefined || folder === undefined) {
    throw new CommandError("expected an environment and a folder; see --help");
  }
  const { stack, digest } = planStack(
    stackId(environment),
    folder,
    join(temporaryFolder(), "plan.tfplan"),
    "-lock=false",
  );
  console.info(`${stack} ${digest}`);
});
