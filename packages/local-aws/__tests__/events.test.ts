import { objectCreatedEvent } from "../events/event-bus";
import { parseEventPattern } from "../events/event-pattern";
import { parseInputTransformer } from "../events/input-transformer";
import type { JsonObject } from "../json";

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
    ["anything-but of a field that holds others", { detail: { object: [{ "anything-but": "x" }] } }, false],
    ["anything-but of what is not there", { nothing: [{ "anything-but": "x" }] }, false],
    ["anything-but a prefix", key({ "anything-but": { prefix: "folder/" } }), false],
    ["exists", { detail: { object: { key: [{ exists: true }] } } }, true],
    ["exists of a field that holds others", { detail: { object: [{ exists: true }] } }, false],
    ["not exists of a field that holds others", { detail: { object: [{ exists: false }] } }, true],
    ["not exists", { detail: { object: { version: [{ exists: false }] } } }, true],
    ["not exists of what exists", { detail: { object: { key: [{ exists: false }] } } }, false],
    ["numeric", { detail: { object: { size: [{ numeric: [">", 1000, "<=", 1234] }] } } }, true],
    ["numeric with =", { detail: { object: { size: [{ numeric: ["=", 1234] }] } } }, true],
    ["numeric above", { detail: { object: { size: [{ numeric: [">", 0, "<", 1234] }] } } }, false],
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
    ["a value outside of a list", { source: "aws.s3" }, 'expected a list of values for "source" in the event pattern'],
    ["an empty list", { source: [] }, 'expected a list of values for "source" in the event pattern but received []'],
    ["an empty pattern", {}, "expected fields in the event pattern but received {}"],
    ["a field without a pattern", { detail: {} }, "expected fields in the event pattern but received {}"],
    ...[
      { numeric: [">", "1"] },
      { numeric: [] },
      { numeric: 5 },
      { numeric: [">"] },
      { numeric: ["<", 1, ">", 0] },
      { numeric: [">", 2, "<", 1] },
      { numeric: [">", 0, "<", 5, "<", 9] },
      { wildcard: "**.jpg" },
      { "anything-but": { prefix: "a", suffix: "b" } },
      { "anything-but": [] },
      { "anything-but": ["a", 1] },
      { "anything-but": null },
      { prefix: "a", suffix: "b" },
      { prefix: 1 },
      ["a"],
    ].map((operator): [string, JsonObject, string] => [
      JSON.stringify(operator),
      { source: [operator] },
      `the event pattern operator ${JSON.stringify(operator)} is not understood`,
    ]),
  ])("refuses %s with the rule's address", (_what, pattern, message) => {
    expect(() => parseEventPattern(pattern, "aws_cloudwatch_event_rule.r")).toThrow(
      `aws_cloudwatch_event_rule.r: ${message}`,
    );
  });
});

const DELIVERY = {
  rule: { name: "uploaded", arn: "arn:aws:events:eu-central-1:111111111111:rule/uploaded" },
  receivedAt: new Date("2026-11-22T01:02:03.456Z"),
};

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
  ) => parseInputTransformer(paths, template, "aws_cloudwatch_event_target.t")(EVENT, DELIVERY);

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

  it("knows the variables of EventBridge itself", () => {
    const { detail: _detail, ...envelope } = EVENT;

    expect(
      JSON.parse(
        transform(`{
          "arn": <aws.events.rule-arn>, "text": "by <aws.events.rule-name>", "at": <aws.events.event.ingestion-time>,
          "envelope": <aws.events.event>, "event": <aws.events.event.json>
        }`),
      ),
    ).toEqual({
      arn: DELIVERY.rule.arn,
      text: "by uploaded",
      at: "2026-11-22T01:02:03.456Z",
      envelope,
      event: EVENT,
    });
  });

  it.each([
    ["a placeholder without a path", "<other>", {}, "the placeholder <other> has no input path"],
    [
      "a variable EventBridge does not have",
      '{"a": <aws.events.rule>}',
      {},
      "the placeholder <aws.events.rule> has no input path",
    ],
    ["a path it does not understand", "<key>", { key: "$.a[0]" }, "the input path $.a[0] is not understood"],
    [
      "a name EventBridge does not take",
      "{}",
      { "a.b": "$.a" },
      'expected letters, digits, - and _ for an input path but received "a.b"',
    ],
    [
      "a whole event inside quotes",
      '"<aws.events.event.json>"',
      {},
      "expected <aws.events.event.json> outside quotes: its contents are not escaped",
    ],
    [
      "a template that gives no JSON",
      "hello <key>",
      { key: "$.a" },
      "expected JSON for input_template but received hello <key>",
    ],
  ])("refuses %s", (_what, template, paths, message) => {
    expect(() => transform(template, paths)).toThrow(`aws_cloudwatch_event_target.t: ${message}`);
  });
});
