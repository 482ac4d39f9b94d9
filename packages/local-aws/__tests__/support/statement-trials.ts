/**
 * Takes each statement out of a synthesized stack in turn, and out of a permissions boundary around all of its roles, and
 * tries the pipeline. Prints one trial a line, as JSON.
 * Usage: tsx statement-trials.ts <cdk.tf.json>
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildSharpLayer } from "../../../../packaging/sharp-layer";
import { thisMachine } from "../../this-machine";
import { type Change, trial } from "./local-trial";

/** The arguments that hold a policy, by resource type. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_s3_bucket_policy: "policy",
  aws_sqs_queue_policy: "policy",
};
const AT_ONCE = 3;

function changes(stack: string): readonly Change[] {
  const found: Change[] = [{ name: "nothing", apply: (text) => text }];
  for (const [type, argument] of Object.entries(POLICIES)) {
    for (const [name, resource] of Object.entries(JSON.parse(stack).resource[type])) {
      const policy = JSON.parse(Reflect.get(Object(resource), argument));
      policy.Statement.forEach(({ Sid, Effect }: { Sid: string; Effect: string }, index: number) => {
        // Nothing stops to work for want of a denial.
        if (Effect === "Deny") return;
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

/** Puts a boundary on all roles: the one of the bootstrap stack beside this one, whole and without each of its statements. */
function boundaryChanges(stackPath: string): readonly Change[] {
  const stacks = dirname(dirname(stackPath));
  const bootstrap = JSON.parse(readFileSync(join(stacks, "bootstrap-dev", "cdk.tf.json"), "utf8"));
  const [account] = bootstrap.provider.aws[0].allowed_account_ids;
  const whole = Object.values<{ name: string; policy: string }>(bootstrap.resource.aws_iam_policy).find(
    ({ name }) => name === "ImagePipelineBoundary-dev",
  );
  if (whole === undefined) throw new Error("expected bootstrap-dev to make ImagePipelineBoundary-dev");
  const policy: { Statement: { Sid: string }[] } = JSON.parse(whole.policy);
  const bounded = (policyName: string) => (text: string) => {
    const stack = JSON.parse(text);
    for (const role of Object.values(stack.resource.aws_iam_role))
      Reflect.set(Object(role), "permissions_boundary", `arn:aws:iam::${account}:policy/${policyName}`);
    return JSON.stringify(stack);
  };
  const without = policy.Statement.map(({ Sid }): Change => {
    const name = `Boundary-without-${Sid}`;
    const statements = policy.Statement.filter((statement) => statement.Sid !== Sid);
    const aws_iam_policy = { it: { name, policy: JSON.stringify({ ...policy, Statement: statements }) } };
    mkdirSync(join(stacks, name));
    writeFileSync(
      join(stacks, name, "cdk.tf.json"),
      JSON.stringify({ provider: bootstrap.provider, resource: { aws_iam_policy } }),
    );
    return { name: `boundary ${Sid}`, apply: bounded(name) };
  });
  return [{ name: "boundary", apply: bounded(whole.name) }, ...without];
}

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
