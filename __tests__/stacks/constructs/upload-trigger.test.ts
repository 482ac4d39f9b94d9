import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

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
