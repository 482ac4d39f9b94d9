import { readStatements, type Statement, type StatementChange, statementChanges } from "@image-pipeline/iam-policy";
import { type SynthesizedStack, withReferences } from "./synthesized-stack";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";
import { isRecord, SENSITIVE, UNKNOWN, type Value } from "./value";

/** What a plan does to the permissions that one attribute of a resource grants. */
export interface AccessChange {
  readonly resource: ResourceChange;
  /** Such as `policy` or `inline_policy[0].policy`. */
  readonly attribute: string;
  /** The changed statements, or why they cannot be shown. */
  readonly statements: readonly StatementChange[] | "sensitive" | "unknown";
}

type Statements = readonly Statement[] | "sensitive" | "unknown";
type Policies = ReadonlyMap<string, Statements>;

/** Every permission that a plan adds, removes or changes. */
export function accessChanges(plan: TerraformPlan, stack: SynthesizedStack | undefined): readonly AccessChange[] {
  return plan.resources
    .filter(({ action }) => action === "create" || action === "update" || action === "replace" || action === "delete")
    .flatMap((resource) => {
      const before = policiesIn(resource.type, resource.before);
      const after = policiesIn(resource.type, resource.after);
      return [...new Set([...before.keys(), ...after.keys()])].flatMap((attribute): AccessChange[] => {
        if (isMirror(resource, attribute)) return [];
        const old = before.get(attribute) ?? [];
        const next = after.get(attribute) ?? [];
        const statements =
          next === "unknown"
            ? (writtenChanges(resource, attribute, plan, stack) ?? "unknown")
            : typeof next === "string" || typeof old === "string"
              ? "sensitive"
              : statementChanges(old, next);
        return statements.length > 0 ? [{ resource, attribute, statements }] : [];
      });
    });
}

// What these report of themselves is set by a resource of its own (aws_iam_role_policy and so on), which has the say.
const MIRRORS: Readonly<Record<string, string>> = {
  aws_iam_role: "inline_policy",
  aws_s3_bucket: "policy",
  aws_sns_topic: "policy",
  aws_sqs_queue: "policy",
};

function isMirror({ type, configured }: ResourceChange, attribute: string): boolean {
  const [name = ""] = attribute.split(/[.[]/);
  return MIRRORS[type] === name && !configured.includes(name);
}

/** The changes of a policy that is known only after apply, told by what is written in the stack. */
function writtenChanges(
  resource: ResourceChange,
  attribute: string,
  plan: TerraformPlan,
  stack: SynthesizedStack | undefined,
): readonly StatementChange[] | undefined {
  const written = stack?.text(resource.address, attribute);
  if (written === undefined) return undefined;
  const { after, before } = withReferences(written, textOf(resource.before, attribute), plan.resources);
  const statements = readStatements(after);
  return statements === undefined ? undefined : statementChanges(readStatements(before) ?? [], statements);
}

function textOf(attributes: Value, name: string): string {
  const value = isRecord(attributes) ? attributes[name] : undefined;
  return typeof value === "string" ? value : "";
}

/** The statements of every attribute that holds a policy, or that must be taken for one by its name. */
function policiesIn(type: string, attributes: Value): Policies {
  const found = new Map<string, Statements>();
  const visit = (value: unknown, path: string): void => {
    const isPolicy = POLICY_ATTRIBUTE.test(path);
    if (value === SENSITIVE && isPolicy) found.set(path, "sensitive");
    else if (value === UNKNOWN && isPolicy) found.set(path, "unknown");
    else if (Array.isArray(value)) for (const [index, item] of value.entries()) visit(item, `${path}[${index}]`);
    else if (isRecord(value)) {
      for (const [name, item] of Object.entries(value)) visit(item, path === "" ? name : `${path}.${name}`);
    } else if (typeof value === "string") {
      const statements = readStatements(value);
      if (statements !== undefined) found.set(path, statements);
    }
  };
  visit(attributes, "");
  const grant = isRecord(attributes) ? GRANTS[type]?.(attributes) : undefined;
  if (grant !== undefined) found.set("", [grant]);
  return found;
}

const POLICY_ATTRIBUTE = /(^|[._])policy$/;

/** Resources that grant something without a policy document, as the statement that they amount to. */
const GRANTS: Readonly<Record<string, (attributes: Readonly<Record<string, unknown>>) => Statement>> = {
  aws_lambda_permission: ({ principal, action, function_name, source_arn, source_account }) => ({
    ...ALLOW,
    principals: only(principal),
    actions: only(action),
    resources: only(function_name),
    conditions: [
      ...(typeof source_arn === "string" ? [{ operator: "ArnLike", key: "aws:SourceArn", values: [source_arn] }] : []),
      ...(typeof source_account === "string"
        ? [{ operator: "StringEquals", key: "aws:SourceAccount", values: [source_account] }]
        : []),
    ],
  }),
  aws_iam_role_policy_attachment: ({ role, policy_arn }) => attachment("role", role, policy_arn),
  aws_iam_user_policy_attachment: ({ user, policy_arn }) => attachment("user", user, policy_arn),
  aws_iam_group_policy_attachment: ({ group, policy_arn }) => attachment("group", group, policy_arn),
};

const ALLOW = { sid: undefined, effect: "Allow" } as const;
const only = (value: unknown) => ({
  except: false,
  values: [typeof value === "string" ? value : "(known after apply)"],
});
const attachment = (kind: string, name: unknown, policyArn: unknown): Statement => ({
  ...ALLOW,
  principals: only(typeof name === "string" ? `${kind} ${name}` : undefined),
  actions: only(typeof policyArn === "string" ? `everything in ${policyArn}` : undefined),
  resources: undefined,
  conditions: [],
});
