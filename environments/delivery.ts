import * as v from "valibot";
import { arrayOf, type Fault, isObject, meaning, orWord, pattern, record } from "./expectations";

const cors = record({
  allowOrigins: meaning(
    "origins",
    arrayOf(
      pattern(
        /^(\*|https?:\/\/(\*\.)?[^*/\s]+)$/,
        'an origin such as "https://example.com" or "https://*.example.com", or "*"',
      ),
    ),
  ),
});

const distribution = record({
  domainName: v.exactOptional(
    meaning(
      "a name of your own for it, in lower case; by default it has the one that CloudFront gives it",
      pattern(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, "a domain name such as pictures.example.com"),
    ),
  ),
  certificateArn: v.exactOptional(
    meaning(
      "the certificate of that name, of ACM in us-east-1, where CloudFront looks for it whatever `region` is",
      // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
      pattern(
        /^arn:aws:acm:us-east-1:\d{12}:certificate\/[0-9a-f-]{36}$/,
        "the ARN of a certificate of ACM in us-east-1",
      ),
    ),
  ),
  cors: v.exactOptional(
    meaning("which pages of other origins may read the pictures with scripts; showing them needs nothing", cors),
  ),
});

/** Whether the renditions are delivered to browsers, and under which name. */
export const delivery = orWord("none", distribution);

/** A name without a certificate has no HTTPS, and a certificate alone is for nothing. */
export function deliveryFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment) || !isObject(environment.delivery)) return [];
  const { domainName, certificateArn } = environment.delivery;
  const at = `${path}.delivery`;
  if (domainName !== undefined && certificateArn === undefined)
    return [{ path: `${at}.certificateArn`, expected: "a certificate of the domainName", received: undefined }];
  if (domainName === undefined && certificateArn !== undefined)
    return [{ path: `${at}.domainName`, expected: "the name that the certificate is for", received: undefined }];
  if (typeof certificateArn !== "string" || certificateArn.split(":")[4] === environment.accountId) return [];
  const expected = `a certificate of account ${environment.accountId}, for CloudFront takes no other account's`;
  return [{ path: `${at}.certificateArn`, expected, received: certificateArn }];
}
