import type { Principal } from "@image-pipeline/iam-policy";
import { Authorizer } from "../iam/authorizer";
import { LocalQueue } from "../sqs/local-queue";
import { QueueOperations } from "../sqs/operations";

const PLACE = { region: "eu-west-1", accountId: "123456789012" };
const ARN = "arn:aws:sqs:eu-west-1:123456789012:dead";
const URL = "http://127.0.0.1:4566/123456789012/dead";
const OPERATOR: Principal = { kind: "operator", arn: "arn:aws:iam::123456789012:user/local-operator" };

function queueWith(...bodies: readonly string[]) {
  const queue = new LocalQueue({ address: "aws_sqs_queue.dead", name: "dead", arn: ARN }, URL);
  for (const body of bodies) queue.send(body, { ERROR_CODE: "E", RULE_ARN: "arn" });
  const operations = new QueueOperations([queue], new Authorizer(PLACE, () => {}));
  return (name: string, input: Record<string, string | number | string[]> = {}, principal = OPERATOR) =>
    operations.call(name, { QueueUrl: URL, ...input }, principal);
}

const receive = async (call: ReturnType<typeof queueWith>, input = {}): Promise<Record<string, string>[]> =>
  Object(await call("ReceiveMessage", { MaxNumberOfMessages: 10, ...input })).Messages ?? [];

describe("a queue of the local runner", () => {
  it("is found by its name, and only by it", async () => {
    expect(await queueWith()("GetQueueUrl", { QueueName: "dead" })).toEqual({ QueueUrl: URL });
    await expect(queueWith()("GetQueueUrl", { QueueName: "other" })).rejects.toMatchObject({
      code: "QueueDoesNotExist",
    });
  });

  it("hides what was received, and gives it again when its time is over", async () => {
    const call = queueWith("a");
    expect(await receive(call, { VisibilityTimeout: 1 })).toMatchObject([{ Body: "a" }]);
    expect(await receive(call)).toEqual([]);
    expect(await receive(call, { WaitTimeSeconds: 2 })).toMatchObject([{ Body: "a" }]);
  });

  it("gives back at once what is let go of, and never what was deleted", async () => {
    const call = queueWith("a", "b");
    const [a, b] = await receive(call);
    await call("ChangeMessageVisibility", { ReceiptHandle: a?.ReceiptHandle ?? "", VisibilityTimeout: 0 });
    await call("DeleteMessage", { ReceiptHandle: b?.ReceiptHandle ?? "" });
    expect((await receive(call)).map(({ Body }) => Body)).toEqual(["a"]);
    expect(await call("GetQueueAttributes", { AttributeNames: ["All"] })).toEqual({
      Attributes: { QueueArn: ARN, ApproximateNumberOfMessages: "0", ApproximateNumberOfMessagesNotVisible: "1" },
    });
  });

  it("does not know a receipt of before any more", async () => {
    const call = queueWith("a");
    const [first] = await receive(call, { VisibilityTimeout: 0 });
    await receive(call);
    const old = { ReceiptHandle: first?.ReceiptHandle ?? "" };
    await expect(call("ChangeMessageVisibility", { ...old, VisibilityTimeout: 0 })).rejects.toMatchObject({
      code: "ReceiptHandleIsInvalid",
    });
    await call("DeleteMessage", old);
    expect(await call("GetQueueAttributes", { AttributeNames: ["ApproximateNumberOfMessagesNotVisible"] })).toEqual({
      Attributes: { ApproximateNumberOfMessagesNotVisible: "1" },
    });
  });

  it("gives so many as are asked for, with the attributes that are asked for", async () => {
    const call = queueWith("a", "b", "c");
    expect(await receive(call, { MaxNumberOfMessages: 2 })).toHaveLength(2);
    const [last] = await receive(call, { MessageAttributeNames: ["ERROR_CODE"] });
    expect(last?.MessageAttributes).toEqual({ ERROR_CODE: { DataType: "String", StringValue: "E" } });
  });

  it.each([
    ["ReceiveMessage", { MaxNumberOfMessages: 11 }, "InvalidParameterValue"],
    ["ReceiveMessage", { WaitTimeSeconds: 21 }, "InvalidParameterValue"],
    ["ReceiveMessage", { QueueUrl: "http://elsewhere" }, "QueueDoesNotExist"],
    ["DeleteMessage", {}, "MissingParameter"],
    ["SendMessage", {}, "UnknownOperationException"],
  ])("refuses %s with %j", async (name, input, code) => {
    await expect(queueWith()(name, input)).rejects.toMatchObject({ code });
  });

  it("is read by nobody whom IAM does not let", async () => {
    const stranger: Principal = { kind: "service", name: "events.amazonaws.com" };
    await expect(queueWith("a")("ReceiveMessage", {}, stranger)).rejects.toMatchObject({
      code: "AccessDeniedException",
    });
  });
});
