import { isJsonObject, type Json, type JsonObject } from "../json";
import { UnsupportedError } from "../unsupported-error";

/** Gives the value of `${type.name.attribute}`; throws UnsupportedError when there is none. */
export type Lookup = (reference: string, usedBy: string) => string | number;

// Terraform's own escape for a literal "${" is "$${" (https://developer.hashicorp.com/terraform/language/expressions/strings).
const INTERPOLATION = /\$\$\{|\$\{([^}]*)\}|%\{/g;
const PLAIN_REFERENCE = /^(data\.)?[a-z][a-z0-9_]*\.[A-Za-z0-9_-]+\.[a-z0-9_]+$/;

/** Replaces the plain references in every string of a value, and refuses every other expression with its address. */
export function resolveReferences(value: Json, usedBy: string, lookup: Lookup): Json {
  if (typeof value === "string") return resolveString(value, usedBy, lookup);
  if (Array.isArray(value)) return value.map((item) => resolveReferences(item, usedBy, lookup));
  if (isJsonObject(value)) {
    const resolved: Record<string, Json> = {};
    for (const [key, item] of Object.entries(value))
      resolved[key] = resolveReferences(item, `${usedBy}.${key}`, lookup);
    return resolved satisfies JsonObject;
  }
  return value;
}

function resolveString(text: string, usedBy: string, lookup: Lookup): Json {
  const whole = /^\$\{([^}]*)\}$/.exec(text)?.[1];
  // A string that is nothing but a reference keeps the type of what it refers to, as in Terraform.
  if (whole !== undefined) return lookup(plainReference(whole, usedBy), usedBy);
  return text.replace(INTERPOLATION, (match, expression: string | undefined) => {
    if (match === "$${") return "${";
    if (expression === undefined)
      throw new UnsupportedError(usedBy, `the template directive ${match} is not understood`);
    return String(lookup(plainReference(expression, usedBy), usedBy));
  });
}

function plainReference(expression: string, usedBy: string): string {
  const trimmed = expression.trim();
  if (PLAIN_REFERENCE.test(trimmed)) return trimmed;
  throw new UnsupportedError(
    usedBy,
    `expected a plain reference \${type.name.attribute} but received \${${trimmed}} (the local runner evaluates no Terraform functions, indexes or variables)`,
  );
}
