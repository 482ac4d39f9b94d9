import type { PolicyKind } from "../index";
import { parsePolicy } from "../index";

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

const ROLE_ARN = "arn:aws:iam::111111111111:role/Reader";
const ALLOW = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/*" };
const DATE = "a date in ISO 8601 with its offset, or seconds since 1970";
const policy = (statement: JsonObject | readonly Json[], kind: PolicyKind = "identity") =>
  parsePolicy({ Version: "2012-10-17", Statement: statement }, "aws_policy.p", kind);

describe("parsePolicy", () => {
  it.each<[string, JsonObject, PolicyKind, string]>([
    [
      "an unknown operator",
      { ...ALLOW, Condition: { BinaryEquals: { "aws:CurrentTime": "x" } } },
      "identity",
      'the condition operator "BinaryEquals" is not understood',
    ],
    [
      "an unknown key",
      { ...ALLOW, Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } } },
      "identity",
      'the condition key "aws:MultiFactorAuthPresent" is not understood',
    ],
    [
      "a set operator on Null",
      { ...ALLOW, Condition: { "ForAnyValue:Null": { "aws:SourceIp": "true" } } },
      "identity",
      "is not understood",
    ],
    [
      "a variable of an unknown key",
      { ...ALLOW, Resource: "arn:aws:s3:::b/${aws:PrincipalTag/team}/*" },
      "identity",
      'the policy variable is not understood: Resource "arn:aws:s3:::b/${aws:PrincipalTag/team}/*"',
    ],
    ["half a variable", { ...ALLOW, Resource: "arn:aws:s3:::b/${aws:username" }, "identity", "is not understood"],
    ["a variable as action", { ...ALLOW, Action: "s3:${s3:prefix}" }, "identity", "is not understood: Action"],
    [
      "a variable for a number",
      { ...ALLOW, Condition: { NumericEquals: { "s3:max-keys": "${s3:prefix}" } } },
      "identity",
      "is not understood",
    ],
    ["an unknown element", { ...ALLOW, Resources: "*" }, "identity", 'unknown statement element "Resources"'],
    [
      "an unknown effect",
      { ...ALLOW, Effect: "allow" },
      "identity",
      'expected Effect Allow or Deny but received "allow"',
    ],
    [
      "both Action and NotAction",
      { ...ALLOW, NotAction: "*" },
      "identity",
      "expected exactly one of Action and NotAction",
    ],
    ["no resource", { Effect: "Allow", Action: "*" }, "identity", "expected exactly one of Resource and NotResource"],
    [
      "a principal in an identity policy",
      { ...ALLOW, Principal: "*" },
      "identity",
      "an identity policy has no Principal",
    ],
    ["no principal in a bucket policy", ALLOW, "resource", "expected a Principal"],
    [
      "NotPrincipal",
      { ...ALLOW, Effect: "Deny", NotPrincipal: { AWS: ROLE_ARN } },
      "resource",
      "NotPrincipal is not understood; a condition on aws:PrincipalArn says the same",
    ],
    [
      "an action without a service",
      { ...ALLOW, Action: ["s3:GetObject", "GetObject"] },
      "identity",
      'expected actions such as s3:GetObject for Action but received "GetObject"',
    ],
    [
      "a resource that is no ARN",
      { ...ALLOW, Resource: "pictures/*" },
      "identity",
      'expected * or whole ARNs for Resource but received "pictures/*"',
    ],
    [
      "a resource that is half an ARN",
      { Effect: "Deny", Action: "*", NotResource: "arn:aws:s3" },
      "identity",
      'expected * or whole ARNs for NotResource but received "arn:aws:s3"',
    ],
    [
      "a resource in a trust policy",
      { Effect: "Allow", Principal: "*", Action: "sts:AssumeRole", Resource: "*" },
      "trust",
      "a trust policy has no Resource",
    ],
    [
      "an action of another service in a trust policy",
      { Effect: "Allow", Principal: "*", Action: "s3:GetObject" },
      "trust",
      'expected actions such as sts:AssumeRole for Action but received "s3:GetObject"',
    ],
    [
      "a pattern as principal",
      { ...ALLOW, Principal: { AWS: "arn:aws:iam::111111111111:role/Image*" } },
      "resource",
      'expected * or the ARN of a role, user or session but received "arn:aws:iam::111111111111:role/Image*"',
    ],
    [
      "no action",
      { ...ALLOW, Action: [] },
      "identity",
      "expected at least one of actions such as s3:GetObject for Action",
    ],
    ["no principal", { ...ALLOW, Principal: {} }, "resource", "expected at least one Principal"],
    ["a principal of nobody", { ...ALLOW, Principal: { AWS: [] } }, "resource", "expected at least one principal"],
    ["an odd Sid", { ...ALLOW, Sid: "a b" }, "identity", 'expected letters and digits as Sid but received "a b"'],
    ["a pattern for a service", { ...ALLOW, Resource: "arn:aws:s*:::a" }, "identity", "expected * or whole ARNs"],
    [
      "a bare name as principal",
      { ...ALLOW, Principal: { AWS: "Reader" } },
      "resource",
      'expected * or the ARN of a role, user or session but received "Reader"',
    ],
    ...(
      [
        ["NotIpAddress", "aws:SourceIp", "127.0.0.0/33", "an address or a range in CIDR form"],
        ["IpAddress", "aws:SourceIp", "office", "an address or a range in CIDR form"],
        ["NumericLessThan", "s3:TlsVersion", "abc", "a decimal number"],
        ["NumericLessThan", "s3:TlsVersion", "", "a decimal number"],
        ["NumericEquals", "s3:max-keys", "1e1", "a decimal number"],
        ["NumericEquals", "s3:max-keys", "0xA", "a decimal number"],
        ["DateEquals", "aws:CurrentTime", "tomorrow", DATE],
        ["DateEquals", "aws:CurrentTime", "2026-03-01T12:00", DATE],
        ["DateEquals", "aws:CurrentTime", "2026-13-01", DATE],
        ["DateLessThan", "aws:CurrentTime", "2026-*", DATE],
        ["Bool", "aws:SecureTransport", "yes", "true or false"],
        ["Null", "s3:prefix", "maybe", "true or false"],
        ["ArnLike", "aws:SourceArn", "arn:*", "an ARN with all its six parts"],
      ] as const
    ).map(([operator, key, value, expected]): [string, JsonObject, PolicyKind, string] => [
      `${operator} of ${JSON.stringify(value)}`,
      { ...ALLOW, Condition: { [operator]: { [key]: value } } },
      "identity",
      `expected ${expected} for ${operator} but received "${value}"`,
    ]),
    [
      "an account as principal",
      { ...ALLOW, Principal: { AWS: "arn:aws:iam::1:root" } },
      "resource",
      "an account as principal is not understood",
    ],
    [
      "a federated principal",
      { ...ALLOW, Principal: { Federated: "x" } },
      "resource",
      'principals of kind "Federated" are not understood',
    ],
  ])("refuses %s", (_what, statement, kind, message) => {
    expect(() => policy(statement, kind)).toThrow(message);
  });

  it("refuses two statements of one Sid", () => {
    expect(() =>
      policy([
        { ...ALLOW, Sid: "Read" },
        { ...ALLOW, Sid: "Write" },
        { ...ALLOW, Sid: "Read" },
      ]),
    ).toThrow('aws_policy.p: two statements have the Sid "Read"');
  });

  it("refuses the old policy language", () => {
    expect(() => parsePolicy({ Version: "2008-10-17", Statement: [] }, "p", "identity")).toThrow(
      'expected policy Version "2012-10-17"',
    );
  });
});
