import { AwsError } from "../aws-error";
import { isJsonObject, type Json, parseJson } from "../json";

/** How many bytes a file may have. */
export interface ContentLengthRange {
  readonly least: number;
  readonly most: number;
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html: all fields but these need a condition.
const NEEDS_NO_CONDITION = new Set(["policy", "x-amz-signature", "file"]);

// The same page: "Specify the expiration date in ISO8601 GMT date format".
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

/**
 * Compares the fields of a form with its policy, and gives the range that the file has to be in.
 * @param fields by their names in lower case, with the bucket
 * @throws AwsError InvalidPolicyDocument, AccessDenied
 */
export function requirePolicy(encoded: string, fields: ReadonlyMap<string, string>, now: number): ContentLengthRange {
  const { expiration, conditions } = readPolicy(encoded);
  if (!(Date.parse(expiration) > now)) throw invalidBy("Policy expired.");
  const covered = new Set<string>();
  let range: ContentLengthRange = { least: 0, most: Number.POSITIVE_INFINITY };
  for (const condition of conditions) {
    const found = rangeOf(condition);
    if (found !== undefined) {
      range = found;
      continue;
    }
    for (const [name, holds] of testsOf(condition)) {
      covered.add(name);
      if (!holds(fields.get(name) ?? "")) throw invalidBy(`Policy Condition failed: ${JSON.stringify(condition)}`);
    }
  }
  const extra = [...fields.keys()].filter(
    (name) => !covered.has(name) && !NEEDS_NO_CONDITION.has(name) && !name.startsWith("x-ignore-"),
  );
  if (extra.length > 0) throw invalidBy(`Extra input fields: ${extra.join(", ")}`);
  return range;
}

function readPolicy(encoded: string): { readonly expiration: string; readonly conditions: readonly Json[] } {
  let policy: Json;
  try {
    policy = parseJson(Buffer.from(encoded, "base64").toString("utf8"));
  } catch {
    throw invalidDocument("Invalid JSON.");
  }
  if (!isJsonObject(policy)) throw invalidDocument("Invalid JSON.");
  const { expiration, conditions } = policy;
  if (typeof expiration !== "string") throw invalidDocument("Policy missing expiration.");
  if (!ISO_8601.test(expiration) || Number.isNaN(Date.parse(expiration)))
    throw invalidDocument(`Invalid 'expiration' value: '${expiration}'`);
  if (!Array.isArray(conditions)) throw invalidDocument("Policy missing conditions.");
  return { expiration, conditions };
}

function rangeOf(condition: Json): ContentLengthRange | undefined {
  if (!Array.isArray(condition)) return undefined;
  const [operator, least, most]: readonly Json[] = condition;
  if (typeof operator !== "string" || operator.toLowerCase() !== "content-length-range") return undefined;
  if (!Number.isInteger(Number(least)) || !Number.isInteger(Number(most)) || condition.length !== 3)
    throw invalidDocument("Invalid content-length-range.");
  return { least: Number(least), most: Number(most) };
}

type FieldTest = readonly [name: string, holds: (value: string) => boolean];

function testsOf(condition: Json): readonly FieldTest[] {
  if (Array.isArray(condition)) {
    const [operator, field, expected]: readonly Json[] = condition;
    if (
      condition.length !== 3 ||
      typeof operator !== "string" ||
      typeof field !== "string" ||
      typeof expected !== "string"
    )
      throw invalidDocument("Invalid Condition.");
    if (!field.startsWith("$")) throw invalidDocument("Invalid Condition: the field must start with '$'.");
    const name = field.slice(1).toLowerCase();
    if (operator.toLowerCase() === "eq") return [[name, (value) => value === expected]];
    // A list of types is met when each of them begins so.
    if (operator.toLowerCase() === "starts-with")
      return [
        [name, (value) => value.split(name === "content-type" ? "," : "\0").every((each) => each.startsWith(expected))],
      ];
    throw invalidDocument(`Invalid Condition: unknown operation '${operator}'.`);
  }
  if (!isJsonObject(condition)) throw invalidDocument("Invalid Condition.");
  if (Object.keys(condition).length !== 1)
    throw invalidDocument("Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.");
  return Object.entries(condition).map(([name, expected]): FieldTest => {
    if (typeof expected !== "string") throw invalidDocument("Invalid Simple-Condition: value must be a string.");
    return [name.toLowerCase(), (value) => value === expected];
  });
}

function invalidBy(why: string): AwsError {
  return new AwsError("AccessDenied", 403, `Invalid according to Policy: ${why}`);
}

function invalidDocument(why: string): AwsError {
  return new AwsError("InvalidPolicyDocument", 400, `Invalid Policy: ${why}`);
}
