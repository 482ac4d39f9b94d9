import { statementsOf } from "../../support/statements-of";
import { only, synthesized } from "../../support/synthesized";

describe("DeletionTrigger", () => {
  const terraform = synthesized({ deleteRenditions: true, uploads: { prefixes: ["photos/"] } });
  const rule = only(terraform, "aws_cloudwatch_event_rule", ({ name }) => name === "ImageDeleted-test");
  const [address] =
    Object.entries(terraform.resource.aws_cloudwatch_event_rule ?? {}).find(([, found]) => found === rule) ?? [];
  const target = only(
    terraform,
    "aws_cloudwatch_event_target",
    (found) => found.rule === `\${aws_cloudwatch_event_rule.${address}.name}`,
  );
  const queue = only(terraform, "aws_sqs_queue", ({ name }) => name === "ImageDeletedDeadLetters-test");

  it("listens to delete markers of the original bucket, of any key but a folder marker's, whichever uploads start executions", () => {
    expect(JSON.parse(String(rule.event_pattern))).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Deleted"],
      detail: {
        bucket: { name: [expect.stringMatching(/^\$\{aws_s3_bucket\.original_\w+\.bucket}$/)] },
        object: { key: [{ "anything-but": { suffix: "/" } }] },
        "deletion-type": ["Delete Marker Created"],
      },
    });
  });

  it("turns an event into the explicit request form that says so, with the key quoted by EventBridge", () => {
    const { input_paths, input_template } = Object(target.input_transformer);
    expect(input_paths).toEqual({ bucket: "$.detail.bucket.name", key: "$.detail.object.key" });
    expect(input_template.replace(/\$\{aws_s3_bucket\.resized_\w+\.bucket}/, "RESIZED")).toBe(
      '{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "RESIZED", "deleted": true}',
    );
  });

  it("retries for a day, then keeps the event in a queue of its own, which takes it from that rule alone", () => {
    expect(target).toMatchObject({
      retry_policy: { maximum_event_age_in_seconds: 86_400, maximum_retry_attempts: 185 },
      dead_letter_config: { arn: expect.stringMatching(/^\$\{aws_sqs_queue\.deletion_/) },
    });
    expect(queue).toMatchObject({ message_retention_seconds: 1_209_600, sqs_managed_sse_enabled: true });
    const policy = only(terraform, "aws_sqs_queue_policy", ({ queue_url }) => String(queue_url).includes("deletion_"));
    expect(JSON.parse(String(policy.policy)).Statement).toMatchObject([
      { Condition: { ArnEquals: { "aws:SourceArn": `\${aws_cloudwatch_event_rule.${address}.arn}` } } },
    ]);
  });

  it("may start that one machine, on behalf of this account, and nothing more", () => {
    expect(statementsOf(terraform, "ImageDeleted-test").map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ["states:StartExecution", expect.stringMatching(/^\$\{aws_sfn_state_machine\.workflow_/)],
    ]);
    expect(statementsOf(terraform, "ImageDeleted-test", "trust")).toMatchObject([
      { Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } },
    ]);
  });

  it("is left out, with everything of it, where deletions delete nothing", () => {
    const addresses = Object.values(synthesized().resource).flatMap(Object.keys);
    expect(addresses.filter((id) => id.startsWith("deletion"))).toEqual([]);
  });
});
