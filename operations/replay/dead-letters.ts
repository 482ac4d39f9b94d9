import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";

/** An upload whose execution could not be started. */
export interface DeadLetter {
  readonly id: string;
  readonly receipt: string;
  /** What EventBridge could not get past. */
  readonly error: string;
  readonly cause: string;
  /** Of the execution that it was to start; undefined where the message is no upload. */
  readonly input: string | undefined;
}

// Nobody else gets a message in the meantime, and one that this run does not come to is back after it.
const HELD_SECONDS = 900;
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
const AT_ONCE = 10;

/** The dead letters of a pipeline's uploads. */
export class DeadLetters {
  private constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
    private readonly resizedBucket: string,
  ) {}

  static async of(sqs: SQSClient, queueName: string, resizedBucket: string): Promise<DeadLetters> {
    const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: queueName }));
    return new DeadLetters(sqs, QueueUrl, resizedBucket);
  }

  /** Takes all of them; each comes back to the queue by itself unless it is deleted. */
  async receive(): Promise<DeadLetter[]> {
    const letters = new Map<string, DeadLetter>();
    for (;;) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.queueUrl,
          MaxNumberOfMessages: AT_ONCE,
          VisibilityTimeout: HELD_SECONDS,
          MessageAttributeNames: ["All"],
          // Asks every server of the queue: a short poll may find none where there are some.
          WaitTimeSeconds: 1,
        }),
      );
      if (Messages.length === 0) return [...letters.values()];
      for (const message of Messages) letters.set(message.MessageId ?? "", this.letter(message));
    }
  }

  /** Gives one back at once. */
  async release({ receipt }: DeadLetter): Promise<void> {
    const QueueUrl = this.queueUrl;
    await this.sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: receipt, VisibilityTimeout: 0 }));
  }

  async delete({ receipt }: DeadLetter): Promise<void> {
    await this.sqs.send(new DeleteMessageCommand({ QueueUrl: this.queueUrl, ReceiptHandle: receipt }));
  }

  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
  private letter({ MessageId = "", ReceiptHandle = "", Body = "", MessageAttributes = {} }: Message): DeadLetter {
    return {
      id: MessageId,
      receipt: ReceiptHandle,
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
    return JSON.stringify({ bucket: name, fileName: key, resizedBucket: this.resizedBucket });
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
