import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { Authorizer } from "../iam/authorizer";
import type { JsonObject } from "../json";
import type { LocalQueue, QueuedMessage } from "./local-queue";

type Operation = (input: JsonObject, principal: Principal) => object | Promise<object>;

const POLL_MS = 50;

/** The operations of SQS that this machine serves, as AWS JSON 1.0 names them: whatever reads and empties a queue. */
export class QueueOperations {
  constructor(
    private readonly queues: readonly LocalQueue[],
    private readonly authorizer: Authorizer,
  ) {}

  /** @throws AwsError as SQS would answer */
  async call(name: string, input: JsonObject, principal: Principal): Promise<object> {
    const operation = this.#operations[name];
    if (operation !== undefined) return operation(input, principal);
    const message = `The local runner does not serve ${name}; of SQS it serves ${this.served.join(", ")}`;
    throw new AwsError("UnknownOperationException", 400, message);
  }

  /** By their names on AWS. */
  get served(): readonly string[] {
    return Object.keys(this.#operations);
  }

  readonly #operations: Readonly<Record<string, Operation>> = {
    GetQueueUrl: (input, principal) => {
      const queue = this.queues.find(({ resource }) => resource.name === text(input, "QueueName"));
      return { QueueUrl: this.#allowed(queue, principal, "sqs:GetQueueUrl").url };
    },

    GetQueueAttributes: (input, principal) => {
      const queue = this.#queue(input, principal, "sqs:GetQueueAttributes");
      const { visible, hidden } = queue.counts();
      const all = {
        QueueArn: queue.resource.arn,
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(hidden),
      };
      const asked = names(input, "AttributeNames");
      const attributes = Object.entries(all).filter(([name]) => asked.includes("All") || asked.includes(name));
      return { Attributes: Object.fromEntries(attributes) };
    },

    ReceiveMessage: async (input, principal) => {
      const queue = this.#queue(input, principal, "sqs:ReceiveMessage");
      const most = number(input, "MaxNumberOfMessages", 1, 10) ?? 1;
      const hiddenSeconds = number(input, "VisibilityTimeout", 0, 43_200) ?? 30;
      const until = Date.now() + (number(input, "WaitTimeSeconds", 0, 20) ?? 0) * 1000;
      let received = queue.receive(most, hiddenSeconds);
      while (received.length === 0 && Date.now() < until) {
        await sleep(POLL_MS);
        received = queue.receive(most, hiddenSeconds);
      }
      const asked = names(input, "MessageAttributeNames");
      return received.length === 0 ? {} : { Messages: received.map((message) => answerOf(message, asked)) };
    },

    DeleteMessage: (input, principal) => {
      const queue = this.#queue(input, principal, "sqs:DeleteMessage");
      const message = queue.ofReceipt(text(input, "ReceiptHandle"));
      // A receipt of before is taken, and deletes nothing.
      if (message !== undefined) queue.delete(message);
      return {};
    },

    ChangeMessageVisibility: (input, principal) => {
      const queue = this.#queue(input, principal, "sqs:ChangeMessageVisibility");
      const message = queue.ofReceipt(text(input, "ReceiptHandle"));
      if (message === undefined)
        throw new AwsError("ReceiptHandleIsInvalid", 400, "The input receipt handle is invalid.");
      message.visibleAt = Date.now() + (number(input, "VisibilityTimeout", 0, 43_200) ?? 0) * 1000;
      return {};
    },
  };

  #queue(input: JsonObject, principal: Principal, action: string): LocalQueue {
    const url = text(input, "QueueUrl");
    return this.#allowed(
      this.queues.find((queue) => queue.url === url),
      principal,
      action,
    );
  }

  #allowed(queue: LocalQueue | undefined, principal: Principal, action: string): LocalQueue {
    if (queue === undefined) throw new AwsError("QueueDoesNotExist", 400, "The specified queue does not exist.");
    this.authorizer.require(principal, action, queue.resource.arn, queue.resource.policy);
    return queue;
  }
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html */
function answerOf({ id, body, receipt, attributes }: QueuedMessage, asked: readonly string[]): object {
  const found = Object.entries(attributes).filter(([name]) => asked.includes("All") || asked.includes(name));
  return {
    MessageId: id,
    ReceiptHandle: receipt,
    Body: body,
    MD5OfBody: createHash("md5").update(body).digest("hex"),
    ...(found.length > 0 && {
      MessageAttributes: Object.fromEntries(
        found.map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
      ),
    }),
  };
}

function text(input: JsonObject, name: string): string {
  const value = input[name];
  if (typeof value === "string" && value !== "") return value;
  throw new AwsError("MissingParameter", 400, `The request must contain the parameter ${name}.`);
}

function names(input: JsonObject, name: string): readonly string[] {
  const value = input[name] ?? [];
  return Array.isArray(value) ? value.map(String) : [];
}

function number(input: JsonObject, name: string, least: number, most: number): number | undefined {
  const value = input[name] ?? undefined;
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  const reason = `Must be >= ${least} and <= ${most}, if provided.`;
  throw new AwsError(
    "InvalidParameterValue",
    400,
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
