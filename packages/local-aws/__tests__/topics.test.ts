import { EventBus } from "../events/event-bus";
import { Authorizer } from "../iam/authorizer";
import type { JsonObject } from "../json";
import { LocalTopic } from "../sns/local-topic";
import { LocalQueue } from "../sqs/local-queue";
import { readStack } from "../stack/load-stack";
import { anObjectEvent } from "./support/an-object-event";

const TOPIC = "arn:aws:sns:eu-central-1:111111111111:told";
const QUEUE = "arn:aws:sqs:eu-central-1:111111111111:heard";
const RULE = "arn:aws:events:eu-central-1:111111111111:rule/uploaded";

const policy = (Service: string, Action: string, Resource: string, source: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service },
        Action,
        Resource,
        Condition: { ArnEquals: { "aws:SourceArn": source } },
      },
    ],
  });

/** A rule that sends uploads to a topic, to which a queue and an address are subscribed. */
const STACK: Readonly<Record<string, JsonObject>> = {
  aws_cloudwatch_event_rule: { r: { name: "uploaded", event_pattern: '{"source":["aws.s3"]}' } },
  aws_cloudwatch_event_target: { t: { rule: "${aws_cloudwatch_event_rule.r.name}", arn: "${aws_sns_topic.t.arn}" } },
  aws_sns_topic: { t: { name: "told" } },
  aws_sns_topic_policy: {
    p: { arn: "${aws_sns_topic.t.arn}", policy: policy("events.amazonaws.com", "sns:Publish", TOPIC, RULE) },
  },
  aws_sns_topic_subscription: {
    q: { topic_arn: "${aws_sns_topic.t.arn}", protocol: "sqs", endpoint: "${aws_sqs_queue.q.arn}" },
    mail: { topic_arn: "${aws_sns_topic.t.arn}", protocol: "email", endpoint: "one@example.com" },
  },
  aws_sqs_queue: { q: { name: "heard" } },
  aws_sqs_queue_policy: {
    p: { queue_url: "${aws_sqs_queue.q.url}", policy: policy("sns.amazonaws.com", "sqs:SendMessage", QUEUE, TOPIC) },
  },
};

const read = (changed: Readonly<Record<string, JsonObject>> = {}) =>
  readStack(
    {
      "//": { metadata: { stackName: "a-stack" } },
      provider: { aws: [{ region: "eu-central-1", allowed_account_ids: ["111111111111"] }] },
      resource: { ...STACK, ...changed },
    },
    "/stack",
    { apiUrl: "http://127.0.0.1:3000", awsUrl: "http://127.0.0.1:4566" },
  );

/** What the queue has, and the log says, after an object was created. */
async function afterAnUpload(changed: Readonly<Record<string, JsonObject>> = {}) {
  const stack = read(changed);
  const lines: string[] = [];
  const log = (_part: string, text: string) => lines.push(text);
  const authorizer = new Authorizer(stack, log);
  const queues = stack.queues.map((queue) => new LocalQueue(queue, "url"));
  const topics = stack.topics.map((topic) => new LocalTopic(topic, { queues, authorizer, log }));
  await new EventBus({ rules: stack.rules, queues, topics, machines: [], authorizer, log }).publish(anObjectEvent());
  return { received: queues.flatMap((queue) => queue.receive(10, 0)).map(({ body }) => JSON.parse(body)), lines };
}

describe("a topic", () => {
  it("gives the queues that are subscribed what a rule publishes, in SNS's envelope", async () => {
    const { received, lines } = await afterAnUpload();

    expect(received).toEqual([
      {
        Type: "Notification",
        MessageId: expect.any(String),
        TopicArn: TOPIC,
        Message: expect.stringContaining('"detail-type":"Object Created"'),
        Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
      },
    ]);
    expect(lines).toContain(
      "told sends nothing to aws_sns_topic_subscription.mail: of protocol email there is nothing here",
    );
  });

  it("gives them the message as it is where its delivery is raw", async () => {
    const raw = {
      topic_arn: TOPIC,
      protocol: "sqs",
      endpoint: QUEUE,
      raw_message_delivery: true,
    };
    const { received } = await afterAnUpload({ aws_sns_topic_subscription: { q: raw } });

    expect(received).toMatchObject([{ source: "aws.s3", "detail-type": "Object Created" }]);
  });

  it.each([
    [
      "the topic's policy does not let the rule publish",
      {
        aws_sns_topic_policy: {
          p: { arn: TOPIC, policy: policy("events.amazonaws.com", "sns:Publish", TOPIC, QUEUE) },
        },
      },
      "Service: events.amazonaws.com is not authorized to perform: sns:Publish",
    ],
    [
      "the topic has no policy",
      { aws_sns_topic_policy: {} },
      "Service: events.amazonaws.com is not authorized to perform: sns:Publish",
    ],
    [
      "the queue's policy does not let the topic send",
      { aws_sqs_queue_policy: {} },
      "Service: sns.amazonaws.com is not authorized to perform: sqs:SendMessage",
    ],
  ])("gives nothing where %s", async (_what, changed, denial) => {
    const { received, lines } = await afterAnUpload(changed);

    expect(received).toEqual([]);
    expect(lines).toContainEqual(expect.stringContaining(denial));
  });

  it.each<[string, Readonly<Record<string, JsonObject>>, string]>([
    [
      "a subscription with a filter, which would be passed over",
      {
        aws_sns_topic_subscription: {
          q: { topic_arn: TOPIC, protocol: "sqs", endpoint: QUEUE, filter_policy: "{}" },
        },
      },
      'aws_sns_topic_subscription.q: the local runner does not understand the argument "filter_policy"',
    ],
    [
      "a queue that is not there",
      { aws_sns_topic_subscription: { q: { topic_arn: TOPIC, protocol: "sqs", endpoint: `${QUEUE}-2` } } },
      `aws_sns_topic_subscription.q: expected a queue of the stack but received ${QUEUE}-2`,
    ],
    [
      "a topic that is not there",
      { aws_sns_topic_subscription: { q: { topic_arn: `${TOPIC}-2`, protocol: "sqs", endpoint: QUEUE } } },
      `aws_sns_topic_subscription.q: expected a topic of the stack but received ${TOPIC}-2`,
    ],
    [
      "a topic in order",
      { aws_sns_topic: { t: { name: "told", fifo_topic: true } } },
      'aws_sns_topic.t: the local runner does not understand the argument "fifo_topic"',
    ],
  ])("is refused with %s", (_what, changed, message) => {
    expect(() => read(changed)).toThrow(message);
  });
});
