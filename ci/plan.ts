import { join } from "node:path";
import { runCommand, UsageError } from "@image-pipeline/command";
import { stackId } from "../environments/names";
import { planStack } from "./planned-stack";
import { temporaryFolder } from "./temporary-folder";

const HELP = `Plans an environment and saves what a review and a later deployment compare.

  npx tsx ci/plan.ts dev plans     saves plan.json and cdk.tf.json in plans/image-pipeline-dev/

Neither holds a value that is sensitive in the plan, and the plan file itself, which does, is not kept.

Needs cdktf.out of \`npm run synth\`, terraform, and credentials that may read. It takes no lock, which would be a write.`;

runCommand({
  name: "plan",
  help: HELP,
  options: {},
  allowPositionals: true,
  run: ({ positionals }) => {
    const [environment, folder] = positionals;
    if (environment === undefined || folder === undefined) {
      throw new UsageError("expected an environment and a folder");
    }
    const { stack, digest } = planStack(
      stackId(environment),
      folder,
      join(temporaryFolder(), "plan.tfplan"),
      "-lock=false",
    );
    console.info(`${stack} ${digest}`);
  },
});
