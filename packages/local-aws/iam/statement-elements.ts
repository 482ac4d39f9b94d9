import { isJsonObject, type Json } from "../json";
import { UnsupportedError } from "../stack/unsupported-error";

/** Where a policy is attached decides which elements it must have. */
export type PolicyKind = "identity" | "resource" | "trust";

/** Who a statement speaks about: everyone, or principals by kind (`AWS`, `Service`, ...). */
export type PrincipalMatch =
  | { readonly everyone: true }
  | { readonly byKind: Readonly<Record<string, readonly string[]>> };

/** `Action` or `NotAction`. */
export function actions(
  value: Json | undefined,
  element: string,
  address: string,
  kind: PolicyKind,
): readonly string[] | undefined {
  const pattern = kind === "trust" ? /^sts:[A-Za-z*?]+$/i : /^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$/i;
  const example = kind === "trust" ? "sts:AssumeRole" : "s3:GetObject";
  return matching(value, element, address, pattern, `actions such as ${example}`);
}

// "arn:aws:s3" is completed with wildcards on AWS, which nobody means who writes it.
// A service is named whole: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
const WHOLE_ARN = /^(\*|arn:[^:]*:[a-z0-9-]+:[^:]*:[^:]*:.+)$/;

/** `Resource` or `NotResource`. */
export function resources(value: Json | undefined, element: string, address: string): readonly string[] | undefined {
  return matching(value, element, address, WHOLE_ARN, "* or whole ARNs");
}

function matching(
  value: Json | undefined,
  element: string,
  address: string,
  pattern: RegExp,
  expected: string,
): readonly string[] | undefined {
  const list = strings(value, element, address);
  if (list?.length === 0) throw new UnsupportedError(address, `expected at least one of ${expected} for ${element}`);
  const wrong = list?.find((item) => !pattern.test(item));
  if (wrong !== undefined)
    throw new UnsupportedError(address, `expected ${expected} for ${element} but received "${wrong}"`);
  return list;
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

/** `Principal`. */
export function principals(value: Json | undefined, address: string): PrincipalMatch | undefined {
  if (value === undefined) return undefined;
  if (value === "*") return { everyone: true };
  if (!isJsonObject(value)) throw new UnsupportedError(address, `unknown Principal ${JSON.stringify(value)}`);
  const byKind: Record<string, readonly string[]> = {};
  for (const [kind, names] of Object.entries(value)) {
    if (kind !== "AWS" && kind !== "Service") {
      throw new UnsupportedError(address, `principals of kind "${kind}" are not understood`);
    }
    byKind[kind] = strings(names, `Principal.${kind}`, address) ?? [];
    if (byKind[kind].length === 0)
      throw new UnsupportedError(address, `expected at least one principal of kind ${kind}`);
    if (kind === "AWS") for (const name of byKind[kind]) refusePrincipal(name, address);
  }
  if (Object.keys(byKind).length === 0) throw new UnsupportedError(address, "expected at least one Principal");
  return { byKind };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
function refusePrincipal(name: string, address: string): void {
  // An account as principal only delegates to the policies of that account, which is another kind of decision.
  if (/^\d{12}$/.test(name) || name.endsWith(":root"))
    throw new UnsupportedError(address, `an account as principal is not understood: "${name}"`);
  // "You cannot use a wildcard to match part of a principal name or ARN."
  if (name !== "*" && !/^arn:aws:(iam|sts)::\d{12}:(role|user|assumed-role)\/[^*?]+$/.test(name))
    throw new UnsupportedError(address, `expected * or the ARN of a role, user or session but received "${name}"`);
}
