import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Environment } from "../../environments/environment";
import { namesOf } from "../../environments/names";

/** An upload or a deletion whose execution could not be started. */
export interface DeadLetter {
  readonly id: string;
  readonly receipt: string;
  readonly queueUrl: string;
  /** What EventBridge could not get past. */
  readonly error: string;
  readonly cause: string;
  /** Of the execution that it was to start; undefined where the message is neither. */
  readonly input: string | undefined;
}

// Nobody else gets a message in the meantime, and one that this run does not come to is back after it.
const HELD_SECONDS = 900;
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
const AT_ONCE = 10;

/** The queues of an environment that have dead letters: of uploads, and where there are any of deletions. */
export function deadLetterQueuesOf({ name, deleteRenditions }: Environment): readonly string[] {
  const { uploadDeadLetterQueue, deletionDeadLetterQueue } = namesOf(name);
  return deleteRenditions ? [uploadDeadLetterQueue, deletionDeadLetterQueue] : [uploadDeadLetterQueue];
}

/** The dead letters of a pipeline's uploads and deletions. */
export class DeadLetters {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrls: readonly string[],
    private readonly resizedBucket: string,
  ) {}

  static async of(sqs: SQSClient, queueNames: readonly string[], resizedBucket: string): Promise<DeadLetters> {
    const found = queueNames.map((QueueName) => sqs.send(new GetQueueUrlCommand({ QueueName })));
    const urls = (await Promise.all(found)).map(({ QueueUrl = "" }) => QueueUrl);
    return new DeadLetters(sqs, urls, resizedBucket);
  }

  /** Takes all of them; each comes back to the queue by itself unless it is deleted. */
  async receive(): Promise<DeadLetter[]> {
    return (await Promise.all(this.queueUrls.map((queueUrl) => this.receiveFrom(queueUrl)))).flat();
  }

  private async receiveFrom(queueUrl: string): Promise<DeadLetter[]> {
    const letters = new Map<string, DeadLetter>();
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: AT_ONCE,
          VisibilityTimeout: HELD_SECONDS,
          MessageAttributeNames: ["All"],
          // Asks every server of the queue: a short poll may find none where there are some.
          WaitTimeSeconds: 1,
        }),
      );
      if (Messages.length === 0) return [...letters.values()];
      for (const message of Messages) letters.set(message.MessageId ?? "", this.letter(queueUrl, message));
    }
  }

  /** Gives one back at once. */
  async release({ receipt, queueUrl: QueueUrl }: DeadLetter): Promise<void> {
    await this.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }));
  }

  async delete({ receipt, queueUrl }: DeadLetter): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receipt }));
  }

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  private letter(
    queueUrl: string,
    { MessageId = "", ReceiptHandle = "", Body = "", MessageAttributes = {} }: Message,
  ): DeadLetter {
    return {
      id: MessageId,
      receipt: ReceiptHandle,
      queueUrl,
      error: MessageAttributes.ERROR_CODE?.StringValue ?? "an unknown error",
      cause: MessageAttributes.ERROR_MESSAGE?.StringValue ?? "",
      input: this.inputOf(Body),
    };
  }

  /** EventBridge keeps the event, or what it made of it for the target: in either form it is the same execution. */
  private inputOf(body: string): string | undefined {
    const message = parsed(body);
    const { detail = {}, bucket, fileName } = record(message);
    if (typeof bucket === "string" && typeof fileName === "string") return body;
    const { name } = record(record(detail).bucket);
    const { key } = record(record(detail).object);
    if (typeof name !== "string" || typeof key !== "string") return undefined;
    const deleted = record(message)["detail-type"] === "Object Deleted";
    return JSON.stringify({
      bucket: name,
      fileName: key,
      resizedBucket: this.resizedBucket,
      ...(deleted && { deleted }),
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
