import { areKnown, checkConditions } from "./condition";
import { PolicyFault } from "./policy-fault";
import { type Clause, isRecord, readStatement, type Statement } from "./statement";
import { withoutVariables } from "./variables";

/** Where a policy is attached decides which elements it must have. */
export type PolicyKind = "identity" | "resource" | "trust";

/** A statement that can be evaluated. */
export interface CheckedStatement extends Statement {
  /** Where it stands, for messages: `aws_iam_role_policy.x statement 0 (ReadOriginals)`. */
  readonly address: string;
}

/** The statements of one policy. */
export interface PolicyDocument {
  readonly address: string;
  readonly statements: readonly CheckedStatement[];
}

const ELEMENTS = new Set(["Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition"]);

/** Reads a policy to evaluate it. @throws PolicyFault for what the evaluator does not know and what IAM would not take */
export function parsePolicy(json: unknown, address: string, kind: PolicyKind): PolicyDocument {
  if (!isRecord(json)) throw new PolicyFault(address, "expected a policy object");
  for (const element of Object.keys(json)) {
    if (!["Version", "Id", "Statement"].includes(element))
      throw new PolicyFault(address, `unknown policy element "${element}"`);
  }
  // The old version has no policy variables; nothing new should be written in it.
  if (json.Version !== "2012-10-17") {
    throw new PolicyFault(address, `expected policy Version "2012-10-17" but received ${JSON.stringify(json.Version)}`);
  }
  const list: readonly unknown[] = Array.isArray(json.Statement) ? json.Statement : [json.Statement];
  const statements = list.map((statement, index) => parseStatement(statement, `${address} statement ${index}`, kind));
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  const repeated = sids.find((sid, index) => sids.indexOf(sid) < index);
  if (repeated !== undefined) throw new PolicyFault(address, `two statements have the Sid "${repeated}"`);
  return { address, statements };
}

function parseStatement(json: unknown, position: string, kind: PolicyKind): CheckedStatement {
  if (!isRecord(json)) throw new PolicyFault(position, "expected a statement object");
  const address = typeof json.Sid === "string" ? `${position} (${json.Sid})` : position;
  const refuse = (problem: string): never => {
    throw new PolicyFault(address, problem);
  };
  if ("NotPrincipal" in json) refuse("NotPrincipal is not understood; a condition on aws:PrincipalArn says the same");
  for (const element of Object.keys(json)) if (!ELEMENTS.has(element)) refuse(`unknown statement element "${element}"`);
  // "the Sid element supports ASCII uppercase letters (A-Z), lowercase letters (a-z), and numbers (0-9)" in IAM:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  const { Sid: sid } = json;
  if (sid !== undefined && !(typeof sid === "string" && (kind === "resource" || /^[A-Za-z0-9]*$/.test(sid))))
    throw new PolicyFault(position, `expected letters and digits as Sid but received ${JSON.stringify(sid)}`);
  if (json.Effect !== "Allow" && json.Effect !== "Deny")
    refuse(`expected Effect Allow or Deny but received ${JSON.stringify(json.Effect)}`);
  exactlyOne(json, "Action", "NotAction", address);
  if (kind !== "trust") exactlyOne(json, "Resource", "NotResource", address);
  if (kind === "trust" && ("Resource" in json || "NotResource" in json)) refuse("a trust policy has no Resource");
  if (kind === "identity" && "Principal" in json) refuse("an identity policy has no Principal");
  if (kind !== "identity" && !("Principal" in json)) refuse("expected a Principal");
  for (const element of ["Action", "NotAction", "Resource", "NotResource"])
    requireStrings(json[element], element, address);
  const statement = readStatement(json) ?? refuse("expected a statement");
  checkActions(statement.actions, kind, address);
  if (statement.resources !== undefined) checkResources(statement.resources, address);
  if ("Principal" in json) checkPrincipals(json.Principal, address);
  checkConditions(json.Condition, address);
  return { ...statement, address };
}

function exactlyOne(json: Readonly<Record<string, unknown>>, one: string, other: string, address: string): void {
  if (one in json === other in json) throw new PolicyFault(address, `expected exactly one of ${one} and ${other}`);
}

function requireStrings(value: unknown, element: string, address: string): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.map((item) => {
    if (typeof item !== "string")
      throw new PolicyFault(address, `expected strings for ${element} but received ${JSON.stringify(item)}`);
    // "You can use policy variables in the Resource element and in string comparisons in the Condition element":
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    if (element.endsWith("Resource") ? !areKnown(item) : item.includes("${"))
      throw new PolicyFault(address, `the policy variable is not understood: ${element} "${item}"`);
    return item;
  });
}

function checkActions(actions: Clause, kind: PolicyKind, address: string): void {
  const pattern = kind === "trust" ? /^sts:[A-Za-z*?]+$/i : /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i;
  const example = kind === "trust" ? "sts:AssumeRole" : "s3:GetObject";
  checkValues(actions, "Action", pattern, `actions such as ${example}`, address);
}

// "arn:aws:s3" is completed with wildcards on AWS, which nobody means who writes it; and a service is named whole:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const WHOLE_ARN = /^(\*|arn:[^:]*:[a-z0-9-]+:[^:]*:[^:]*:.+)$/;

function checkResources(resources: Clause, address: string): void {
  checkValues(resources, "Resource", WHOLE_ARN, "* or whole ARNs", address);
}

function checkValues(
  { except, values }: Clause,
  name: string,
  pattern: RegExp,
  expected: string,
  address: string,
): void {
  const element = except ? `Not${name}` : name;
  if (values.length === 0) throw new PolicyFault(address, `expected at least one of ${expected} for ${element}`);
  const wrong = values.find((value) => !pattern.test(withoutVariables(value)));
  if (wrong !== undefined)
    throw new PolicyFault(address, `expected ${expected} for ${element} but received "${wrong}"`);
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function checkPrincipals(value: unknown, address: string): void {
  if (value === "*") return;
  if (!isRecord(value)) throw new PolicyFault(address, `unknown Principal ${JSON.stringify(value)}`);
  if (Object.keys(value).length === 0) throw new PolicyFault(address, "expected at least one Principal");
  for (const [kind, names] of Object.entries(value)) {
    if (kind !== "AWS" && kind !== "Service")
      throw new PolicyFault(address, `principals of kind "${kind}" are not understood`);
    const list = requireStrings(names, `Principal.${kind}`, address);
    if (list.length === 0) throw new PolicyFault(address, `expected at least one principal of kind ${kind}`);
    if (kind === "AWS") for (const name of list) checkAwsPrincipal(name, address);
  }
}

function checkAwsPrincipal(name: string, address: string): void {
  // An account as principal only delegates to the policies of that account, which is another kind of decision.
  if (/^\d{12}$/.test(name) || name.endsWith(":root"))
    throw new PolicyFault(address, `an account as principal is not understood: "${name}"`);
  // "You cannot use a wildcard to match part of a principal name or ARN."
  if (name !== "*" && !/^arn:aws:(iam|sts)::\d{12}:(role|user|assumed-role)\/[^*?]+$/.test(name))
    throw new PolicyFault(address, `expected * or the ARN of a role, user or session but received "${name}"`);
}
