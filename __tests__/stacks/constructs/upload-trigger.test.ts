import fc from "fast-check";
import { type Environment, environmentFaults } from "../../../environments/environment";
import { startsExecution } from "../../../handlers/resize-image/owed-renditions";
import { parseEventPattern } from "../../../packages/local-aws/event-rules/event-pattern";
import { anEnvironment } from "../../support/an-environment";
import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

const patternOf = (uploads: Environment["uploads"]) =>
  JSON.parse(String(only(synthesized({ uploads }), "aws_cloudwatch_event_rule").event_pattern));

describe("UploadTrigger", () => {
  const terraform = synthesized();
  const target = only(terraform, "aws_cloudwatch_event_target");

  it("listens to the original bucket alone, and to no folder marker or empty object", () => {
    expect(only(terraform, "aws_s3_bucket_notification")).toMatchObject({
      bucket: expect.stringMatching(/^\$\{aws_s3_bucket\.original_/),
      eventbridge: true,
    });
    expect(JSON.parse(String(only(terraform, "aws_cloudwatch_event_rule").event_pattern))).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [expect.stringMatching(/^\$\{aws_s3_bucket\.original_\w+\.bucket}$/)] },
        object: { key: [{ "anything-but": { suffix: "/" } }], size: [{ numeric: [">", 0] }] },
      },
    });
  });

  it.each<[Environment["uploads"], readonly object[]]>([
    [{ prefixes: ["a/", "b"] }, [{ prefix: "a/" }, { prefix: "b" }]],
    [
      { suffixes: [".jpg", ".PNG"] },
      [{ suffix: { "equals-ignore-case": ".jpg" } }, { suffix: { "equals-ignore-case": ".PNG" } }],
    ],
  ])("listens to the keys that %j names, and to no empty object", (uploads, key) => {
    expect(patternOf(uploads)).toMatchObject({ detail: { object: { key, size: [{ numeric: [">", 0] }] } } });
  });

  it("has a pattern that EventBridge takes, however much an environment names", () => {
    const bucket = "b".repeat(63);
    for (const uploads of [
      { prefixes: Array.from({ length: 20 }, () => "x".repeat(64)) },
      { suffixes: Array.from({ length: 20 }, () => "x".repeat(16)) },
    ]) {
      expect(environmentFaults(anEnvironment({ uploads }), "test")).toEqual([]);
      const pattern = JSON.stringify(patternOf(uploads)).replace(/\$\{[^}]*}/, bucket);
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
      expect(pattern.length).toBeLessThanOrEqual(2_048);
    }
  });

  it("starts executions for the keys it should, in any letters, whatever else they are made of", () => {
    const prefixes = ["b/", "b/a", "(a)", "+", "p.j"];
    const suffixes = [".jp", "JPa", "a.", "a-j", "bb"];
    const wants = (uploads: Environment["uploads"]) =>
      parseEventPattern({ key: patternOf(uploads).detail.object.key }, "test");
    const [begins, ends, all] = [wants({ prefixes }), wants({ suffixes }), wants({})];
    const unit = fc.constantFrom(..."abjpABJP/.*\\()+-é", "\u212a");
    const between = fc.string({ unit, maxLength: 6 });
    const either = (texts: readonly string[]) =>
      fc.constantFrom("", ...texts, ...texts.map((text) => text.toUpperCase()));
    const keys = fc.tuple(either(prefixes), between, either(suffixes)).map((parts) => parts.join(""));
    const lower = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    fc.assert(
      fc.property(keys, (key) => {
        expect(begins({ key })).toBe(prefixes.some((prefix) => key.startsWith(prefix)));
        expect(ends({ key })).toBe(suffixes.some((suffix) => lower(key).endsWith(lower(suffix))));
        // The function that follows deletions knows the same ones.
        expect([{ prefixes }, { suffixes }, {}].map((uploads) => startsExecution(key, uploads))).toEqual(
          [begins, ends, all].map((wanted) => wanted({ key })),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it("neither makes nor changes a bucket that is there already, and listens to it all the same", () => {
    const { resource, data, output } = synthesized({ originalBucket: { name: "old", existing: true } });
    expect(data).toEqual({ aws_s3_bucket: { original: { bucket: "old" } } });
    expect(
      Object.entries(resource)
        .filter(([type]) => type.startsWith("aws_s3_bucket"))
        .flatMap(([, byName]) => Object.keys(byName))
        .filter((name) => !name.startsWith("resized_")),
    ).toEqual([]);
    expect(String(Object.values(resource.aws_cloudwatch_event_rule ?? {})[0]?.event_pattern)).toContain(
      '"name":["${data.aws_s3_bucket.original.bucket}"]',
    );
    expect(output.original_bucket_existing?.value).toBe("true");
    expect(terraform.output).not.toHaveProperty("original_bucket_existing");
    expect(output.original_bucket_name?.value).toBe("${data.aws_s3_bucket.original.bucket}");
  });

  it("turns an event into the explicit request form, with the key quoted by EventBridge", () => {
    const { input_paths, input_template } = Object(target.input_transformer);
    expect(input_paths).toEqual({ bucket: "$.detail.bucket.name", key: "$.detail.object.key" });
    expect(input_template.replace(/\$\{aws_s3_bucket\.resized_\w+\.bucket}/, "RESIZED")).toBe(
      '{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "RESIZED"}',
    );
  });

  it("retries for a day, then keeps the event in a queue for a person", () => {
    expect(target).toMatchObject({
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      dead_letter_config: { arn: expect.stringMatching(/^\$\{aws_sqs_queue\./) },
    });
  });

  it("lets that one rule write to the queue", () => {
    const [statement] = JSON.parse(String(only(terraform, "aws_sqs_queue_policy").policy)).Statement;
    expect(statement).toMatchObject({
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Condition: { ArnEquals: { "aws:SourceArn": expect.stringMatching(/^\$\{aws_cloudwatch_event_rule\./) } },
    });
  });

  it("may start that one machine, on behalf of this account, and nothing more", () => {
    expect(statementsOf(terraform, "ImageUploaded-test").map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ["states:StartExecution", expect.stringMatching(/^\$\{aws_sfn_state_machine\./)],
    ]);
    expect(statementsOf(terraform, "ImageUploaded-test", "trust")).toMatchObject([
      {
        Principal: { Service: "events.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
  });

  it("is left out, with everything of it, where uploads are not resized", () => {
    const { resource } = synthesized({ resizeOnUpload: false });
    expect(Object.keys(resource).filter((type) => /event|sqs|notification/.test(type))).toEqual([]);
  });
});
