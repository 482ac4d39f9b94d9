import { randomUUID } from "node:crypto";
import { AwsError } from "../aws-error";
import type { Delivery } from "../event-rules/input-transformer";
import type { Authorizer } from "../iam/authorizer";
import { roleSession } from "../iam/credentials";
import type { JsonObject } from "../json";
import type { Log } from "../log";
import type { ObjectChanged } from "../s3/s3-server";
import type { LocalQueue } from "../sqs/local-queue";
import type { EventRule, EventTarget } from "../stack/stack-model";
import type { LocalStateMachine } from "../step-functions/state-machine";

/** What the event bus needs of this machine. */
export interface EventBusOptions {
  readonly rules: readonly EventRule[];
  readonly queues: readonly LocalQueue[];
  readonly machines: readonly LocalStateMachine[];
  readonly authorizer: Authorizer;
  readonly log: Log;
}

/** The default event bus: S3's events, the rules that want them, and the executions they start. */
export class EventBus {
  constructor(private readonly options: EventBusOptions) {}

  /** Delivers S3's "Object Created" or "Object Deleted" to every rule that matches. */
  async objectChanged(changed: ObjectChanged): Promise<void> {
    const receivedAt = new Date();
    const event = objectEvent(changed, this.options.authorizer.place);
    const matching = this.options.rules.filter((rule) => rule.pattern(event));
    await Promise.all(
      matching.flatMap((rule) => rule.targets.map((target) => this.#deliver(event, { rule, receivedAt }, target))),
    );
  }

  async #deliver(event: JsonObject, delivery: Delivery & { readonly rule: EventRule }, target: EventTarget) {
    const { authorizer, log, machines } = this.options;
    const { rule } = delivery;
    const input = target.transform ? target.transform(event, delivery) : JSON.stringify(event);
    try {
      authorizer.assumeRole(target.role, "events.amazonaws.com", {
        "aws:sourceaccount": authorizer.place.accountId,
        "aws:sourcearn": rule.arn,
      });
      const principal = roleSession(target.role, authorizer.place.accountId, rule.name);
      authorizer.require(principal, "states:StartExecution", target.arn);
      const machine = machines.find(({ resource }) => resource.arn === target.arn);
      if (machine === undefined)
        throw new AwsError("StateMachineDoesNotExist", 400, `State Machine Does Not Exist: '${target.arn}'`);
      const execution = machine.start(input);
      log("events", `rule ${rule.name} started ${execution.arn}`);
    } catch (error) {
      log(
        "events",
        `rule ${rule.name} could not start an execution: ${error instanceof Error ? error.message : error}`,
      );
      this.#toDeadLetters(input, rule, target, error);
    }
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

/**
 * The event as S3 sends it. Keys are as they are, not URL-encoded.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
export function objectEvent(
  { bucket, change, requestId }: ObjectChanged,
  place: { readonly region: string; readonly accountId: string },
): JsonObject {
  const { version } = change;
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": change.kind === "created" ? "Object Created" : "Object Deleted",
    source: "aws.s3",
    account: place.accountId,
    time: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    region: place.region,
    resources: [bucket.arn],
    detail: {
      version: "0",
      bucket: { name: bucket.name },
      object: {
        key: version.key,
        ...(change.kind === "created" && version.kind === "object" && { size: version.body.bytes, etag: version.etag }),
        ...(version.versionId !== "null" && { "version-id": version.versionId }),
        sequencer: version.sequencer,
      },
      "request-id": requestId,
      requester: place.accountId,
      "source-ip-address": "127.0.0.1",
      reason: change.kind === "created" ? change.reason : "DeleteObject",
      ...(change.kind === "deleted" && { "deletion-type": change.deletionType }),
    },
  };
}
