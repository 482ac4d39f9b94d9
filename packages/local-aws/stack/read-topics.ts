import { UnsupportedError } from "../unsupported-error";
import { ResourcePolicies } from "./resource-policies";
import type { Resources } from "./resources";
import type { Topic, TopicSubscription } from "./stack-model";

/** The topics with their policies and subscriptions. */
export function readTopics(resources: Resources): readonly Topic[] {
  const policies = new ResourcePolicies(resources, "aws_sns_topic_policy", "arn");
  const subscriptions = resources.ofType("aws_sns_topic_subscription").map((block) => {
    const subscription: TopicSubscription & { readonly topicArn: string } = {
      address: block.address,
      topicArn: block.string("topic_arn"),
      protocol: block.string("protocol"),
      endpoint: block.string("endpoint"),
      raw: block.optionalBoolean("raw_message_delivery") ?? false,
    };
    // Terraform's own waiting for a person to confirm.
    block.withoutLocalMeaning("confirmation_timeout_in_minutes", "endpoint_auto_confirms");
    block.end();
    return subscription;
  });
  const topics = resources.ofType("aws_sns_topic").map((block): Topic => {
    const name = block.string("name");
    // What it is called in mails; the key, whose policy is in no stack of a pipeline; and how X-Ray traces it.
    block.withoutLocalMeaning("display_name", "kms_master_key_id", "tracing_config");
    block.end();
    const arn = String(resources.lookup(`${block.address}.arn`, block.address));
    const policy = policies.take(arn, arn, "sns");
    const own = subscriptions.filter(({ topicArn }) => topicArn === arn);
    return { address: block.address, name, arn, ...(policy && { policy }), subscriptions: own };
  });
  policies.refuseRest();
  const queues = new Set(
    resources.ofType("aws_sqs_queue").map(({ address }) => resources.lookup(`${address}.arn`, address)),
  );
  for (const { address, topicArn, protocol, endpoint } of subscriptions) {
    if (!topics.some(({ arn }) => arn === topicArn))
      throw new UnsupportedError(address, `expected a topic of the stack but received ${topicArn}`);
    if (protocol === "sqs" && !queues.has(endpoint))
      throw new UnsupportedError(address, `expected a queue of the stack but received ${endpoint}`);
  }
  return topics;
}
