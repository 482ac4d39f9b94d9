import { objectCreatedEvent } from "../../local/events/event-bus";
import { parseEventPattern } from "../../local/events/event-pattern";
import { parseInputTransformer } from "../../local/events/input-transformer";
import type { JsonObject } from "../../local/json";

const KEY = 'folder/a "quoted" été+1.jpg';
const EVENT = objectCreatedEvent(
  {
    bucket: { address: "aws_s3_bucket.b", name: "pictures", arn: "arn:aws:s3:::pictures", sendsEvents: true },
    key: KEY,
    sizeBytes: 1234,
    etag: "abc",
    reason: "PutObject",
    requestId: "R",
  },
  { region: "eu-central-1", accountId: "111111111111" },
);

describe("objectCreatedEvent", () => {
  it("is the event S3 sends, with the key as it is", () => {
    expect(EVENT).toMatchObject({
      version: "0",
      "detail-type": "Object Created",
      source: "aws.s3",
      account: "111111111111",
      region: "eu-central-1",
      resources: ["arn:aws:s3:::pictures"],
      detail: { bucket: { name: "pictures" }, object: { key: KEY, size: 1234, etag: "abc" }, reason: "PutObject" },
    });
  });
});

describe("parseEventPattern", () => {
  const matches = (pattern: JsonObject) => parseEventPattern(pattern, "aws_cloudwatch_event_rule.r")(EVENT);
  const key = (matcher: JsonObject | string) => ({ detail: { object: { key: [matcher] } } });

  it.each<[string, JsonObject, boolean]>([
    ["values", { source: ["aws.s3"], "detail-type": ["Object Created"] }, true],
    ["one of several values", { source: ["aws.ec2", "aws.s3"] }, true],
    ["all fields, not one", { source: ["aws.s3"], region: ["us-east-1"] }, false],
    ["nested fields", { detail: { bucket: { name: ["pictures"] } } }, true],
    ["an item of a list", { resources: ["arn:aws:s3:::pictures"] }, true],
    ["a missing field", { nothing: ["x"] }, false],
    ["prefix", key({ prefix: "folder/" }), true],
    ["another prefix", key({ prefix: "other/" }), false],
    ["suffix", key({ suffix: ".jpg" }), true],
    ["another suffix", key({ suffix: ".png" }), false],
    ["equals-ignore-case", { source: [{ "equals-ignore-case": "AWS.S3" }] }, true],
    ["wildcard", key({ wildcard: "folder/*.jpg" }), true],
    ["another wildcard", key({ wildcard: "*.png" }), false],
    ["anything-but a value", key({ "anything-but": "x" }), true],
    ["anything-but itself", { source: [{ "anything-but": ["aws.s3"] }] }, false],
    ["anything-but a prefix", key({ "anything-but": { prefix: "folder/" } }), false],
    ["exists", { detail: { object: { key: [{ exists: true }] } } }, true],
    ["not exists", { detail: { object: { version: [{ exists: false }] } } }, true],
    ["not exists of what exists", { detail: { object: { key: [{ exists: false }] } } }, false],
    ["numeric", { detail: { object: { size: [{ numeric: [">", 1000, "<=", 1234] }] } } }, true],
    ["numeric outside", { detail: { object: { size: [{ numeric: ["<", 1234] }] } } }, false],
  ])("matches %s", (_what, pattern, expected) => {
    expect(matches(pattern)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ["$or", { $or: [{ source: ["a"] }] }, "the event pattern operator $or is not understood"],
    [
      "an unknown operator",
      { source: [{ cidr: "10.0.0.0/8" }] },
      'the event pattern operator {"cidr":"10.0.0.0/8"} is not understood',
    ],
    ["a value outside of a list", { source: "aws.s3" }, 'expected a list for "source" in the event pattern'],
    [
      "a broken numeric",
      { a: [{ numeric: [">", "1"] }] },
      'the event pattern operator {"numeric":[">","1"]} is not understood',
    ],
  ])("refuses %s with the rule's address", (_what, pattern, message) => {
    expect(() => parseEventPattern(pattern, "aws_cloudwatch_event_rule.r")).toThrow(
      `aws_cloudwatch_event_rule.r: ${message}`,
    );
  });
});

describe("parseInputTransformer", () => {
  const transform = (
    template: string,
    paths: Record<string, string> = {
      key: "$.detail.object.key",
      bucket: "$.detail.bucket.name",
      size: "$.detail.object.size",
      object: "$.detail.bucket",
      gone: "$.detail.gone",
    },
  ) => parseInputTransformer(paths, template, "aws_cloudwatch_event_target.t")(EVENT);

  it("inserts a value outside quotes as JSON, quoted and escaped", () => {
    expect(JSON.parse(transform('{"fileName": <key>, "size": <size>, "bucket": <object>}'))).toEqual({
      fileName: KEY,
      size: 1234,
      bucket: { name: "pictures" },
    });
  });

  it("pastes a value inside quotes as text", () => {
    expect(transform('"uploaded to <bucket>"')).toBe('"uploaded to pictures"');
  });

  it("counts escaped quotes as text", () => {
    expect(transform('{"a": "\\"<bucket>\\"", "b": <bucket>}')).toBe('{"a": "\\"pictures\\"", "b": "pictures"}');
  });

  it("leaves out a value the event does not have", () => {
    expect(transform('"<gone>"')).toBe('""');
  });

  it("refuses a placeholder without a path", () => {
    expect(() => transform("<other>", {})).toThrow(
      "aws_cloudwatch_event_target.t: the placeholder <other> has no input path",
    );
  });

  it("refuses a path it does not understand", () => {
    expect(() => transform("<key>", { key: "$.a[0]" })).toThrow("the input path $.a[0] is not understood");
  });
});
