import { parseInputTransformer } from "../event-rules/input-transformer";
import { anObjectEvent, KEY } from "./support/an-object-event";

const EVENT = anObjectEvent();

describe("objectEvent", () => {
  it("is the event S3 sends, with the key as it is", () => {
    expect(EVENT).toMatchObject({
      version: "0",
      "detail-type": "Object Created",
      source: "aws.s3",
      account: "111111111111",
      region: "eu-central-1",
      resources: ["arn:aws:s3:::pictures"],
      detail: {
        bucket: { name: "pictures" },
        object: { key: KEY, size: 1234, etag: "abc", "version-id": "v1", sequencer: "00A" },
        reason: "PutObject",
      },
    });
  });

  it("says of a deletion whether anything is gone", () => {
    const version = { kind: "marker", key: KEY, versionId: "v2", lastModified: new Date(0), sequencer: "00B" } as const;

    expect(anObjectEvent({ kind: "deleted", version, deletionType: "Delete Marker Created" })).toMatchObject({
      "detail-type": "Object Deleted",
      detail: {
        object: { key: KEY, "version-id": "v2", sequencer: "00B" },
        reason: "DeleteObject",
        "deletion-type": "Delete Marker Created",
      },
    });
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
