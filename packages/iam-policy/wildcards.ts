/** Whether a value matches an IAM pattern, where `*` is any run of characters, `?` exactly one, and `${*}` a star. */
export function matchesPattern(pattern: string, value: string): boolean {
  return toRegExp(pattern, "s").test(value);
}

/** Actions are compared without regard to case: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html */
export function matchesAction(pattern: string, action: string): boolean {
  return toRegExp(pattern, "si").test(action);
}

/**
 * Whether a pattern matches all that another one matches, as far as that can be told from their texts: a `?` is no answer
 * to a `*`, or to a variable, which may be longer.
 */
export function coversPattern(outer: string, inner: string, flags = ""): boolean {
  const source = regExpSource(outer, "[^*$]", (literal) => `\\$\\{\\${literal}\\}`);
  return new RegExp(`^${source}$`, `s${flags}`).test(inner);
}

/**
 * ArnEquals and ArnLike: "Each of the six colon-delimited components of the ARN is checked separately and each can
 * include multi-character match wildcards (*) or single-character match wildcards (?)."
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function matchesArn(pattern: string, arn: string): boolean {
  const expected = arnParts(pattern);
  const actual = arnParts(arn);
  if (expected === undefined || actual === undefined) return false;
  return expected.every((part, index) => matchesPattern(part, actual[index] ?? ""));
}

function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(":");
  if (parts.length < 6 || parts[0] !== "arn") return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(":")];
}

/** `${*}`, `${?}` and `${$}` stand for the character; of what else is left, all that means something to a RegExp. */
const TOKENS = /\$\{([*?$])\}|[*?.+^${}()|[\]\\]/g;

const MAX_COMPILED = 1_000;
const compiled = new Map<string, RegExp>();

function toRegExp(pattern: string, flags: string): RegExp {
  const cacheKey = `${flags}/${pattern}`;
  const known = compiled.get(cacheKey);
  if (known !== undefined) return known;
  const source = regExpSource(pattern, ".", (literal) => `\\${literal}`);
  const regExp = new RegExp(`^${source}$`, flags);
  // Patterns come from the policies of one stack, but for the values of variables, which have no end.
  if (compiled.size >= MAX_COMPILED) compiled.clear();
  compiled.set(cacheKey, regExp);
  return regExp;
}

function regExpSource(pattern: string, one: string, special: (literal: string) => string): string {
  return pattern.replace(TOKENS, (token, literal?: string) => {
    if (literal !== undefined) return special(literal);
    if (token === "*") return ".*";
    return token === "?" ? one : `\\${token}`;
  });
}
