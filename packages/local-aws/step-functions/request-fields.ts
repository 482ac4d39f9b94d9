import { AwsError } from "../aws-error";
import type { JsonObject } from "../json";

const MAX_RESULTS = 1000;

/** One page of a list; the token is the index of the next item. */
export function pageOf(items: readonly object[], input: JsonObject, name: string): object {
  const start = Number(optional(input, "nextToken") ?? 0);
  if (!Number.isInteger(start) || start < 0) throw new AwsError("InvalidToken", 400, "Invalid Token");
  const { maxResults = 0 } = input;
  if (!Number.isInteger(maxResults) || Number(maxResults) < 0 || Number(maxResults) > MAX_RESULTS) {
    throw invalid(maxResults, "maxResults", `Member must have value between 0 and ${MAX_RESULTS}`);
  }
  // "If 0, the default of 100 is used."
  const end = start + (Number(maxResults) || 100);
  return { [name]: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}

/** A field that is an ARN of Step Functions. @throws AwsError when it is missing or something else */
export function arnOf(input: JsonObject, name: string): string {
  const value = optional(input, name);
  if (value === undefined) throw invalid(null, name, "Member must not be null");
  if (!/^arn:aws[a-z-]*:states:[a-z0-9-]+:\d{12}:[A-Za-z]+:\S+$/.test(value))
    throw new AwsError("InvalidArn", 400, `Invalid Arn: '${value}'`);
  return value;
}

/** A field that is one of a few words, if it is there. @throws AwsError for another word */
export function oneOf(input: JsonObject, name: string, words: readonly string[]): string | undefined {
  const value = optional(input, name);
  if (value === undefined || words.includes(value)) return value;
  throw invalid(value, name, `Member must satisfy enum value set: [${words.join(", ")}]`);
}

/** A field that is text, if it is there. @throws AwsError for anything else */
export function optional(input: JsonObject, name: string): string | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw new AwsError("SerializationException", 400, `Expected a string for ${name}`);
}

function invalid(value: unknown, name: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationException",
    400,
    `1 validation error detected: Value ${value === null ? "null" : `'${value}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}
