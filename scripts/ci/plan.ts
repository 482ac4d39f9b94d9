import { parseArgs } from "node:util";
import { stackId } from "../../stacks/names";
import { CommandError, command } from "../command";
import { planStack } from "./planned-stack";

const USAGE = `Plans an environment and saves the plan, for a review and for a later deployment.

  npx tsx scripts/ci/plan.ts dev plans     saves plans/image-pipeline-dev/

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
  const { stack, digest } = planStack(stackId(environment), folder, "-lock=false");
  console.info(`${stack} ${digest}`);
});
