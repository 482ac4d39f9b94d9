import { AwsError } from "../aws-error";
import type { Delivery } from "../event-rules/input-transformer";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import type { JsonObject } from "../json";
import type { Log } from "../log";
import type { Role } from "../stack/role";
import type { RunningMachine, RunningQueue, RunningTopic } from "../stack/running";
import type { EventRule, EventTarget } from "../stack/stack-model";

/** What the event bus needs of this machine. */
export interface EventBusOptions {
  readonly rules: readonly EventRule[];
  readonly queues: readonly RunningQueue[];
  readonly topics: readonly RunningTopic[];
  readonly machines: readonly RunningMachine[];
  readonly authorizer: Authorizer;
  readonly log: Log;
  /** Runs one delivery, so that it can be said what it led to. */
  readonly apart?: (work: () => Promise<void>) => Promise<void>;
}

/** The default event bus: the events of services, the rules that want them, and what receives them. */
export class EventBus {
  constructor(private readonly options: EventBusOptions) {}

  /** Delivers the event of a service to every rule that matches. */
  async publish(event: JsonObject): Promise<void> {
    const receivedAt = new Date();
    const { apart = (work) => work() } = this.options;
    const matching = this.options.rules.filter((rule) => rule.pattern(event));
    await Promise.all(
      matching.flatMap((rule) =>
        rule.targets.map((target) => apart(() => this.#deliver(event, { rule, receivedAt }, target))),
      ),
    );
  }

  async #deliver(event: JsonObject, delivery: Delivery & { readonly rule: EventRule }, target: EventTarget) {
    const { log } = this.options;
    const { rule } = delivery;
    const input = target.transform ? target.transform(event, delivery) : JSON.stringify(event);
    try {
      const what =
        target.role === undefined ? this.#send(input, rule, target) : this.#start(input, rule, target, target.role);
      log("events", `rule ${rule.name} ${what}`);
    } catch (error) {
      const what = target.role === undefined ? `send to ${target.arn}` : "start an execution";
      log("events", `rule ${rule.name} could not ${what}: ${error instanceof Error ? error.message : error}`);
      this.#toDeadLetters(input, rule, target, error);
    }
  }

  #start(input: string, rule: EventRule, target: EventTarget, role: Role): string {
    const { authorizer, machines } = this.options;
    authorizer.assumeRole(role, "events.amazonaws.com", {
      "aws:sourceaccount": authorizer.place.accountId,
      "aws:sourcearn": rule.arn,
    });
    const principal = roleSession(role, authorizer.place.accountId, rule.name);
    authorizer.require(principal, "states:StartExecution", target.arn);
    const machine = machines.find(({ resource }) => resource.arn === target.arn);
    if (machine === undefined)
      throw new AwsError("StateMachineDoesNotExist", 400, `State Machine Does Not Exist: '${target.arn}'`);
    return `started ${machine.start(input).arn}`;
  }

  /** A queue or topic is written to as the service itself, by its own policy. */
  #send(input: string, rule: EventRule, target: EventTarget): string {
    const { authorizer, queues, topics } = this.options;
    const principal = { kind: "service", name: "events.amazonaws.com" } as const;
    const source = { "aws:sourcearn": rule.arn };
    const topic = topics.find(({ resource }) => resource.arn === target.arn);
    if (topic !== undefined) {
      authorizer.require(principal, "sns:Publish", target.arn, topic.resource.policy, source);
      topic.publish(input);
      return `published to ${topic.resource.name}`;
    }
    const queue = queues.find(({ resource }) => resource.arn === target.arn);
    authorizer.require(principal, "sqs:SendMessage", target.arn, queue?.resource.policy, source);
    if (queue === undefined) throw new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.");
    queue.send(input, {});
    return `sent to ${queue.resource.name}`;
  }

  // The attributes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  #toDeadLetters(input: string, rule: EventRule, target: EventTarget, error: unknown): void {
    const { authorizer, log, queues } = this.options;
    if (target.deadLetterQueueArn === undefined) {
      log("events", `the event is lost: ${target.address} has no dead-letter queue`);
      return;
    }
    const queue = queues.find(({ resource }) => resource.arn === target.deadLetterQueueArn);
    const principal = { kind: "service", name: "events.amazonaws.com" } as const;
    try {
      authorizer.require(principal, "sqs:SendMessage", target.deadLetterQueueArn, queue?.resource.policy, {
        "aws:sourcearn": rule.arn,
      });
      queue?.send(input, {
        RULE_ARN: rule.arn,
        TARGET_ARN: target.arn,
        ERROR_CODE: error instanceof AwsError ? error.code : "SDK_CLIENT_ERROR",
        ERROR_MESSAGE: error instanceof Error ? error.message : String(error),
      });
      log("sqs", `${queue?.resource.name ?? target.deadLetterQueueArn} received ${input}`);
    } catch {
      log("events", `the event is lost: the dead-letter queue of ${target.address} does not take it`);
    }
  }
}
