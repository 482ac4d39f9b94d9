/** The facts of a request that conditions and variables may ask for, by condition key in lower case. A key may have several values. */
export type RequestContext = Readonly<Record<string, string | readonly string[]>>;

/** `${*}`, `${?}` and `${$}`, or a key, which may have a default: `${aws:username, 'nobody'}`. */
const VARIABLE = /\$\{(?:([*?$])|([^{}',\s]+)(?:\s*,\s*'([^']*)')?)\}/g;

/** The condition keys that the variables in a text ask for; undefined where a `${` begins no variable. */
export function variableKeys(text: string): readonly string[] | undefined {
  const keys = [...text.matchAll(VARIABLE)].flatMap(([, , key]) => key ?? []);
  return withoutVariables(text).includes("${") ? undefined : keys;
}

/** A text with a letter in the place of each variable, to look at its form. */
export function withoutVariables(text: string): string {
  return text.replace(VARIABLE, "x");
}

/**
 * A pattern with the values of the request in the place of its variables; wildcards in a value stand for themselves, so
 * they are written as `${*}`. Undefined, which matches nothing, where a variable has neither one value nor a default.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(text: string, context: RequestContext): string | undefined {
  let isLacking = false;
  const resolved = text.replace(VARIABLE, (variable, special?: string, key = "", fallback?: string) => {
    if (special !== undefined) return variable;
    const [value, ...others] = [context[key.toLowerCase()] ?? fallback ?? []].flat();
    if (value !== undefined && others.length === 0) return value.replace(/[*?$]/g, (character) => `\${${character}}`);
    isLacking = true;
    return "";
  });
  return isLacking ? undefined : resolved;
}

/** A text without wildcards, such as StringEquals compares with: `${*}` is `*`. */
export function literalText(text: string): string {
  return text.replace(/\$\{([*?$])\}/g, "$1");
}
