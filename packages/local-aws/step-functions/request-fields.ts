import { AwsError } from "../aws-error";
import type { JsonObject } from "../json";

const MAX_RESULTS = 1000;

/** The longest token most operations take. */
const MAX_TOKEN = 3096;

/** One page of a list; the token is the index of the next item. */
export function pageOf(items: readonly object[], input: JsonObject, name: string, maxToken = MAX_TOKEN): object {
  const token = optional(input, "nextToken");
  if (token !== undefined && token.length > maxToken) {
    throw invalid(token, "nextToken", `Member must have length less than or equal to ${maxToken}`);
  }
  const start = Number(token ?? 0);
  if (!Number.isInteger(start) || start < 0 || token === "") {
    throw new AwsError("InvalidToken", 400, "Invalid Token: 'Invalid token'");
  }
  const { maxResults = 0 } = input;
  if (!Number.isInteger(maxResults))
    throw new AwsError("SerializationException", 400, "Expected a number for maxResults");
  if (Number(maxResults) > MAX_RESULTS) {
    throw invalid(maxResults, "maxResults", `Member must have value less than or equal to ${MAX_RESULTS}`);
  }
  if (Number(maxResults) < 0)
    throw invalid(maxResults, "maxResults", "Member must have value greater than or equal to 0");
  // "If 0, the default of 100 is used."
  const end = start + (Number(maxResults) || 100);
  return { [name]: items.slice(start, end), ...(end < items.length && { nextToken: String(end) }) };
}

/** A field that is an ARN of Step Functions. @throws AwsError when it is missing or something else */
export function arnOf(input: JsonObject, name: string): string {
  const value = optional(input, name);
  if (value === undefined) throw invalid(null, name, "Member must not be null");
  if (!value.startsWith("arn:")) throw new AwsError("InvalidArn", 400, `Invalid Arn: 'Invalid ARN prefix: ${value}'`);
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

/** A field that is a number from `least` to `most`, if it is there. @throws AwsError for anything else */
export function optionalNumber(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value !== "number") throw new AwsError("SerializationException", 400, `Expected a number for ${name}`);
  if (value < least) throw invalid(value, name, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw invalid(value, name, `Member must have value less than or equal to ${most}`);
  return value;
}

function invalid(value: unknown, name: string, constraint: string): AwsError {
  return new AwsError(
    "ValidationException",
    400,
    `1 validation error detected: Value ${value === null ? "null" : `'${value}'`} at '${name}' failed to satisfy constraint: ${constraint}`,
  );
}
