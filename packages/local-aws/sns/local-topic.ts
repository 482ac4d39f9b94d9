import { randomUUID } from "node:crypto";
import type { Authorizer } from "../iam/authorizer";
import type { Log } from "../log";
import type { RunningQueue } from "../stack/running";
import type { Topic, TopicSubscription } from "../stack/stack-model";

/** What a topic needs of this machine. */
export interface TopicOptions {
  readonly queues: readonly RunningQueue[];
  readonly authorizer: Authorizer;
  readonly log: Log;
}

/** A standard topic: each queue that is subscribed gets what is published, and nothing is kept. */
export class LocalTopic {
  constructor(
    readonly resource: Topic,
    private readonly options: TopicOptions,
  ) {}

  publish(message: string): void {
    const messageId = randomUUID();
    for (const subscription of this.resource.subscriptions) this.#deliver(messageId, message, subscription);
  }

  #deliver(messageId: string, message: string, { address, protocol, endpoint, raw }: TopicSubscription): void {
    const { queues, authorizer, log } = this.options;
    if (protocol !== "sqs") {
      log("sns", `${this.resource.name} sends nothing to ${address}: of protocol ${protocol} there is nothing here`);
      return;
    }
    const queue = queues.find(({ resource }) => resource.arn === endpoint);
    try {
      authorizer.require(
        { kind: "service", name: "sns.amazonaws.com" },
        "sqs:SendMessage",
        endpoint,
        queue?.resource.policy,
        { "aws:sourcearn": this.resource.arn },
      );
      queue?.send(raw ? message : this.#notification(messageId, message), {});
      log("sns", `${this.resource.name} sent ${messageId} to ${endpoint}`);
    } catch {
      log("sns", `${this.resource.name} could not send to ${endpoint}: the message is lost to it`);
    }
  }

  /**
   * What SNS puts around a message unless its delivery is raw; there is nobody here to sign it.
   * https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
   */
  #notification(MessageId: string, Message: string): string {
    const { arn: TopicArn } = this.resource;
    return JSON.stringify({ Type: "Notification", MessageId, TopicArn, Message, Timestamp: new Date().toISOString() });
  }
}
