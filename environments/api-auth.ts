import * as v from "valibot";
import { arrayOf, type Fault, isObject, meaning, orWord, pattern, record } from "./expectations";

const jwt = record({
  issuer: meaning(
    "who issues the tokens; it answers `.well-known/openid-configuration` below this address",
    pattern(
      /^(https:\/\/[^\s?#]+|http:\/\/(127\.0\.0\.1|localhost)(:\d+)?(\/[^\s?#]*)?)$/,
      "an https:// URL, or one of http://127.0.0.1 for a local run",
    ),
  ),
  audience: meaning(
    "whom the tokens are for: `aud`, or without it `client_id`, is one of these",
    arrayOf(pattern(/^\S+$/, "a word")),
  ),
  scopes: v.exactOptional(
    meaning("a token has one of these; by default it needs none", arrayOf(pattern(/^\S+$/, "a word"))),
  ),
});

const EXPECTED = '"none", "iam", or an issuer and an audience';

/** Who may call the API: everyone, callers with AWS credentials that IAM lets, or whoever has a token (JWT). */
export const apiAuth = orWord("none", orWord("iam", jwt, EXPECTED), EXPECTED);

/** What customers use is not open to the world. */
export function openApiFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment) || environment.deletionProtection !== true || environment.apiAuth !== "none") return [];
  const expected =
    '"iam", or an issuer and an audience, because deletionProtection is on: anyone who learns the address of an open API starts executions that cost money';
  return [{ path: `${path}.apiAuth`, expected, received: "none" }];
}
