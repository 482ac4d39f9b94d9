import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";
import { type Condition, parseConditions } from "./condition";
import { actions, type PolicyKind, type PrincipalMatch, principals, resources } from "./statement-elements";

/** One statement. Exactly one of the pairs action/notAction and resource/notResource is there, as IAM demands. */
export interface Statement {
  /** Where it stands, for messages: `aws_iam_role_policy.x statement 0 (ReadOriginals)`. */
  readonly address: string;
  readonly effect: "Allow" | "Deny";
  readonly principal?: PrincipalMatch;
  readonly actions?: readonly string[];
  readonly notActions?: readonly string[];
  readonly resources?: readonly string[];
  readonly notResources?: readonly string[];
  readonly conditions: readonly Condition[];
}

/** The statements of one policy. */
export interface PolicyDocument {
  readonly address: string;
  readonly statements: readonly Statement[];
}

const STATEMENT_ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

/** Reads a policy, refusing what the evaluator does not know and what IAM would not take. */
export function parsePolicy(json: JsonObject, address: string, kind: PolicyKind): PolicyDocument {
  for (const element of Object.keys(json)) {
    if (!["Version", "Id", "Statement"].includes(element)) {
      throw new UnsupportedError(address, `unknown policy element "${element}"`);
    }
  }
  // The old version has no policy variables; nothing new should be written in it.
  if (json.Version !== "2012-10-17") {
    throw new UnsupportedError(
      address,
      `expected policy Version "2012-10-17" but received ${JSON.stringify(json.Version)}`,
    );
  }
  const list = Array.isArray(json.Statement) ? json.Statement : [json.Statement ?? null];
  refuseRepeatedSids(list, address);
  return {
    address,
    statements: list.map((statement: Json, index: number) =>
      parseStatement(statement, `${address} statement ${index}`, kind),
    ),
  };
}

function parseStatement(json: Json, position: string, kind: PolicyKind): Statement {
  if (!isJsonObject(json)) throw new UnsupportedError(position, "expected a statement object");
  const address = typeof json.Sid === "string" ? `${position} (${json.Sid})` : position;
  if ("NotPrincipal" in json)
    throw new UnsupportedError(
      address,
      "NotPrincipal is not understood; a condition on aws:PrincipalArn says the same",
    );
  for (const element of Object.keys(json)) {
    if (!STATEMENT_ELEMENTS.has(element)) throw new UnsupportedError(address, `unknown statement element "${element}"`);
  }
  // "the Sid element supports ASCII uppercase letters (A-Z), lowercase letters (a-z), and numbers (0-9)" in IAM:
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html
  if (
    json.Sid !== undefined &&
    !(typeof json.Sid === "string" && (kind === "resource" || /^[A-Za-z0-9]*$/.test(json.Sid)))
  )
    throw new UnsupportedError(position, `expected letters and digits as Sid but received ${JSON.stringify(json.Sid)}`);
  const effect = json.Effect;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new UnsupportedError(address, `expected Effect Allow or Deny but received ${JSON.stringify(effect)}`);
  }
  exactlyOne(json, "Action", "NotAction", address);
  if (kind !== "trust") exactlyOne(json, "Resource", "NotResource", address);
  if (kind === "trust" && ("Resource" in json || "NotResource" in json))
    throw new UnsupportedError(address, "a trust policy has no Resource");
  if (kind === "identity" && "Principal" in json)
    throw new UnsupportedError(address, "an identity policy has no Principal");
  if (kind !== "identity" && !("Principal" in json)) throw new UnsupportedError(address, "expected a Principal");
  return {
    address,
    effect,
    ...optional("actions", actions(json.Action, "Action", address, kind)),
    ...optional("notActions", actions(json.NotAction, "NotAction", address, kind)),
    ...optional("resources", resources(json.Resource, "Resource", address)),
    ...optional("notResources", resources(json.NotResource, "NotResource", address)),
    ...optional("principal", principals(json.Principal, address)),
    conditions: parseConditions(json.Condition, address),
  };
}

function exactlyOne(json: JsonObject, one: string, other: string, address: string): void {
  if (one in json === other in json) throw new UnsupportedError(address, `expected exactly one of ${one} and ${other}`);
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { [K in Name]?: Value } {
  const result: { [K in Name]?: Value } = {};
  if (value !== undefined) result[name] = value;
  return result;
}

function refuseRepeatedSids(statements: readonly Json[], address: string): void {
  const seen = new Set<string>();
  for (const statement of statements) {
    const sid = isJsonObject(statement) ? statement.Sid : undefined;
    if (typeof sid !== "string") continue;
    if (seen.has(sid)) throw new UnsupportedError(address, `two statements have the Sid "${sid}"`);
    seen.add(sid);
  }
}
