import { holds } from "../condition";
import { parsePolicy } from "../index";

/** What conditions are asked of; `s3:prefix` is absent. */
const CONTEXT = {
  "aws:currenttime": "2026-03-01T12:00:00.000Z",
  "aws:epochtime": "1772366400",
  "aws:sourceaccount": "111111111111",
  "aws:principaltype": "curl",
  "aws:sourcearn": "arn:aws:events:eu-central-1:111111111111:rule/Upload",
  "aws:securetransport": "true",
  "s3:tlsversion": "1.3",
  "aws:sourceip": "127.0.0.1",
  "s3:delimiter": "*",
  "aws:principalservicename": ["a", "b"],
};

describe("a condition", () => {
  it.each<[string, string, unknown, boolean]>([
    ["StringEquals", "aws:SourceAccount", "111111111111", true],
    ["StringEquals", "aws:SourceAccount", ["2", "111111111111"], true],
    ["StringEquals", "aws:SourceAccount", "2", false],
    ["StringNotEquals", "aws:SourceAccount", "2", true],
    ["StringNotEquals", "aws:SourceAccount", ["2", "111111111111"], false],
    ["StringEqualsIgnoreCase", "aws:PrincipalType", "CURL", true],
    ["StringNotEqualsIgnoreCase", "aws:PrincipalType", "CURL", false],
    ["StringLike", "aws:SourceAccount", "1111*", true],
    ["StringLike", "aws:SourceAccount", "1111${*}", false],
    ["StringLike", "aws:PrincipalType", "${s3:prefix, 'c'}*", true],
    ["StringEquals", "s3:delimiter", "${*}", true],
    ["StringEquals", "s3:delimiter", "${s3:delimiter}", true],
    ["StringNotEquals", "s3:delimiter", "${s3:delimiter}", false],
    ["StringEqualsIgnoreCase", "aws:PrincipalType", "${s3:prefix, 'CURL'}", true],
    ["StringEquals", "aws:SourceAccount", "${s3:prefix}", false],
    ["ArnLike", "aws:SourceArn", "arn:aws:events:*:${aws:SourceAccount}:rule/*", true],
    ["ArnLike", "aws:SourceArn", "arn:aws:events:*:${aws:PrincipalType}:rule/*", false],
    ["StringNotLike", "aws:SourceAccount", "1111*", false],
    ["ArnEquals", "aws:SourceArn", "arn:aws:events:*:111111111111:rule/Up*", true],
    ["ArnLike", "aws:SourceArn", "arn:aws:events:eu-central-1:111111111111:rule/Other", false],
    ["ArnLike", "aws:SourceArn", "arn:*:*:*:*:*", true],
    ["ArnNotLike", "aws:SourceArn", "arn:aws:events:eu-central-1:111111111111:rule/Other", true],
    ["ArnNotEquals", "aws:SourceArn", "arn:aws:events:eu-central-1:111111111111:rule/Upload", false],
    ["Bool", "aws:SecureTransport", "true", true],
    ["Bool", "aws:SecureTransport", true, true],
    ["Bool", "aws:SecureTransport", "false", false],
    ["NumericLessThan", "s3:TlsVersion", "1.2", false],
    ["NumericGreaterThanEquals", "s3:TlsVersion", 1.3, true],
    ["NumericEquals", "s3:TlsVersion", "1.30", true],
    ["NumericNotEquals", "s3:TlsVersion", "1.2", true],
    ["NumericLessThanEquals", "s3:TlsVersion", "1.3", true],
    ["NumericGreaterThan", "s3:TlsVersion", "1.3", false],
    ["DateLessThan", "aws:CurrentTime", "2026-03-01T12:00:00.001Z", true],
    ["DateLessThan", "aws:CurrentTime", "2026-03-01T12:00Z", false],
    ["DateLessThanEquals", "aws:CurrentTime", "2026-03-01T14:00:00+02:00", true],
    ["DateGreaterThan", "aws:CurrentTime", "2026-03", true],
    ["DateGreaterThan", "aws:CurrentTime", "2027", false],
    ["DateGreaterThanEquals", "aws:CurrentTime", "2026-03-01", true],
    ["DateEquals", "aws:CurrentTime", "1772366400", true],
    ["DateNotEquals", "aws:CurrentTime", 1772366400, false],
    ["DateEquals", "aws:EpochTime", "2026-03-01T12:00:00Z", true],
    ["NumericGreaterThan", "aws:EpochTime", "1772366399", true],
    ["DateLessThan", "aws:SourceAccount", "2026-03-01", false],
    ["DateLessThanIfExists", "aws:SourceArn", "2026-03-01", false],
    ["IpAddress", "aws:SourceIp", "127.0.0.0/8", true],
    ["IpAddress", "aws:SourceIp", "127.0.0.1", true],
    ["IpAddress", "aws:SourceIp", ["10.0.0.0/8", "::1/128"], false],
    ["NotIpAddress", "aws:SourceIp", "127.0.0.0/8", false],
    ["Null", "aws:SourceIp", "false", true],
    ["Null", "aws:SourceIp", "true", false],
    ["IpAddress", "aws:SourceIp", "127.0.0.1/32", true],
    ["NotIpAddress", "aws:SourceIp", "::/0", true],
    ["Null", "s3:prefix", "true", true],
    ["StringEquals", "s3:prefix", "a", false],
    ["StringNotEquals", "s3:prefix", "a", true],
    ["StringEqualsIfExists", "s3:prefix", "a", true],
    ["ForAnyValue:StringEqualsIfExists", "s3:prefix", "a", false],
    ["ForAnyValue:StringNotEqualsIfExists", "s3:prefix", "a", false],
    ["ForAllValues:StringEqualsIfExists", "s3:prefix", "a", true],
    ["StringEqualsIfExists", "aws:SourceAccount", "2", false],
    ["BoolIfExists", "aws:PrincipalIsAWSService", "true", true],
    ["ForAnyValue:StringEquals", "aws:PrincipalServiceName", "b", true],
    ["ForAnyValue:StringEquals", "aws:PrincipalServiceName", "c", false],
    ["ForAllValues:StringEquals", "aws:PrincipalServiceName", ["a", "b", "c"], true],
    ["ForAllValues:StringEquals", "aws:PrincipalServiceName", ["a"], false],
    ["ForAllValues:StringEquals", "s3:prefix", ["a"], true],
    ["ForAnyValue:StringEquals", "s3:prefix", ["a"], false],
    ["ForAnyValue:StringNotEquals", "aws:PrincipalServiceName", ["a"], true],
  ])("answers %s %s %j with %s", (operator, key, value, expected) => {
    const statement = { Effect: "Allow", Action: "*", Resource: "*", Condition: { [operator]: { [key]: value } } };
    const policy = parsePolicy({ Version: "2012-10-17", Statement: statement }, "aws_policy.p", "identity");

    const answers = policy.statements.flatMap(({ conditions }) =>
      conditions.map((condition) => holds(condition, CONTEXT)),
    );

    expect(answers).toEqual([expected]);
  });
});
