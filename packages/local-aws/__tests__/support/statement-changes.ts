import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Change } from "./local-trial";

/** The arguments that hold a policy, by resource type. */
const POLICIES: Readonly<Record<string, string>> = {
  aws_iam_role: "assume_role_policy",
  aws_iam_role_policy: "policy",
  aws_s3_bucket_policy: "policy",
  aws_sqs_queue_policy: "policy",
};

/** The stack as it is, and without each of its statements that allow something. */
export function changes(stack: string): readonly Change[] {
  const found: Change[] = [{ name: "nothing", apply: (text) => text }];
  for (const [type, argument] of Object.entries(POLICIES)) {
    for (const [name, resource] of Object.entries(JSON.parse(stack).resource[type] ?? {})) {
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
export function boundaryChanges(stackPath: string): readonly Change[] {
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
