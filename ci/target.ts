import { readJson, runCommand, UsageError } from "@image-pipeline/command";
import { namesOf, PLAN_ROLE_NAME, stackId } from "../environments/names";
import { deploymentTarget } from "./deployment-target";
import { stackFolder } from "./stack-folder";
import { stepOutputs } from "./step-outputs";

const HELP = `Tells a workflow where an environment is deployed to and which role to take, as step outputs.

  npx tsx ci/target.ts dev --role plan     the read-only role
  npx tsx ci/target.ts dev --role deploy   the role of the environment

Appends stack, region and role to the file that GITHUB_OUTPUT names, and prints them.`;

runCommand({
  name: "target",
  help: HELP,
  options: { role: { type: "string" } },
  allowPositionals: true,
  run: ({ values, positionals }) => {
    const [environment] = positionals;
    if (environment === undefined) throw new UsageError("expected an environment");
    if (values.role !== "plan" && values.role !== "deploy") {
      throw new UsageError(`--role: expected plan or deploy but received ${values.role ?? "nothing"}`);
    }
    const stack = stackId(environment);
    const { accountId, region } = deploymentTarget(stack, readJson(`${stackFolder(stack)}/cdk.tf.json`));
    const roleName = values.role === "plan" ? PLAN_ROLE_NAME : namesOf(environment).deployRole;
    stepOutputs({ stack, region, role: `arn:aws:iam::${accountId}:role/${roleName}` });
  },
});
