import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../stack-model/unsupported-error";
import { type Condition, parseConditions } from "./condition";

/** Who a statement speaks about: everyone, or principals by kind (`AWS`, `Service`, ...). */
export type PrincipalMatch =
  | { readonly everyone: true }
  | { readonly byKind: Readonly<Record<string, readonly string[]>> };

/** One statement. Exactly one of the pairs action/notAction and resource/notResource is there, as IAM demands. */
export interface Statement {
  /** Where it stands, for messages: `aws_iam_role_policy.x statement 0 (ReadOriginals)`. */
  readonly address: string;
  readonly effect: "Allow" | "Deny";
  readonly principal?: PrincipalMatch;
  readonly notPrincipal?: PrincipalMatch;
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

/** Where a policy is attached decides which elements it must have. */
export type PolicyKind = "identity" | "resource" | "trust";

const STATEMENT_ELEMENTS = new Set([
  "Sid",
  "Effect",
  "Principal",
  "NotPrincipal",
  "Action",
  "NotAction",
  "Resource",
  "NotResource",
  "Condition",
]);

/** Reads a policy, refusing elements, operators and keys the evaluator does not know. */
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
  for (const element of Object.keys(json)) {
    if (!STATEMENT_ELEMENTS.has(element)) throw new UnsupportedError(address, `unknown statement element "${element}"`);
  }
  const effect = json.Effect;
  if (effect !== "Allow" && effect !== "Deny") {
    throw new UnsupportedError(address, `expected Effect Allow or Deny but received ${JSON.stringify(effect)}`);
  }
  exactlyOne(json, "Action", "NotAction", address);
  if (kind !== "trust") exactlyOne(json, "Resource", "NotResource", address);
  if (kind === "identity" && ("Principal" in json || "NotPrincipal" in json)) {
    throw new UnsupportedError(address, "an identity policy has no Principal");
  }
  if (kind !== "identity") exactlyOne(json, "Principal", "NotPrincipal", address);
  return {
    address,
    effect,
    ...optional("actions", strings(json.Action, "Action", address)),
    ...optional("notActions", strings(json.NotAction, "NotAction", address)),
    ...optional("resources", strings(json.Resource, "Resource", address)),
    ...optional("notResources", strings(json.NotResource, "NotResource", address)),
    ...optional("principal", principals(json.Principal, address)),
    ...optional("notPrincipal", principals(json.NotPrincipal, address)),
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

function strings(value: Json | undefined, element: string, address: string): readonly string[] | undefined {
  if (value === undefined) return undefined;
  const list = Array.isArray(value) ? value : [value];
  return list.map((item: Json) => {
    if (typeof item === "string") return refusePolicyVariable(item, element, address);
    throw new UnsupportedError(address, `expected strings for ${element} but received ${JSON.stringify(item)}`);
  });
}

function refusePolicyVariable(text: string, element: string, address: string): string {
  if (text.includes("${"))
    throw new UnsupportedError(address, `policy variables are not understood: ${element} "${text}"`);
  return text;
}

function principals(value: Json | undefined, address: string): PrincipalMatch | undefined {
  if (value === undefined) return undefined;
  if (value === "*") return { everyone: true };
  if (!isJsonObject(value)) throw new UnsupportedError(address, `unknown Principal ${JSON.stringify(value)}`);
  const byKind: Record<string, readonly string[]> = {};
  for (const [kind, names] of Object.entries(value)) {
    if (kind !== "AWS" && kind !== "Service") {
      throw new UnsupportedError(address, `principals of kind "${kind}" are not understood`);
    }
    byKind[kind] = strings(names, `Principal.${kind}`, address) ?? [];
    for (const name of byKind[kind]) {
      // An account as principal only delegates to the policies of that account, which is another kind of decision.
      if (kind === "AWS" && (/^\d{12}$/.test(name) || name.endsWith(":root"))) {
        throw new UnsupportedError(address, `an account as principal is not understood: "${name}"`);
      }
    }
  }
  return { byKind };
}
