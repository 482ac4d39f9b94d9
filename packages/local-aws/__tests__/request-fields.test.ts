import { arnOf, oneOf, pageOf } from "../step-functions/request-fields";

const ARN = "arn:aws:states:eu-central-1:111111111111:stateMachine:m";

describe("the fields of a request to Step Functions", () => {
  it("give an ARN", () => {
    expect(arnOf({ arn: ARN }, "arn")).toBe(ARN);
  });

  it.each([
    ["a name", "m", "InvalidArn"],
    ["an ARN of another service", "arn:aws:s3:::m", "InvalidArn"],
    ["nothing", undefined, "ValidationException"],
    ["a number", 5, "SerializationException"],
  ])("refuse %s for an ARN", (_what, arn, code) => {
    expect(() => arnOf(arn === undefined ? {} : { arn }, "arn")).toThrow(expect.objectContaining({ code }));
  });

  it("refuse a word that is none of those there are", () => {
    expect(oneOf({ status: "A" }, "status", ["A", "B"])).toBe("A");
    expect(() => oneOf({ status: "C" }, "status", ["A", "B"])).toThrow(
      "Value 'C' at 'status' failed to satisfy constraint: Member must satisfy enum value set: [A, B]",
    );
  });

  const items = Array.from({ length: 250 }, (_, id) => ({ id }));

  it.each([
    [{}, 0, 100, "100"],
    [{ maxResults: 0 }, 0, 100, "100"],
    [{ maxResults: 2, nextToken: "7" }, 7, 9, "9"],
    [{ maxResults: 1000 }, 0, 250, undefined],
  ])("give a page of %j", (input, from, to, nextToken) => {
    expect(pageOf(items, input, "items")).toEqual({ items: items.slice(from, to), ...(nextToken && { nextToken }) });
  });

  it.each([
    [1001, "ValidationException", "Member must have value less than or equal to 1000"],
    [-1, "ValidationException", "Member must have value greater than or equal to 0"],
    [1.5, "SerializationException", "Expected a number for maxResults"],
    ["5", "SerializationException", "Expected a number for maxResults"],
  ])("refuse %j for maxResults", (maxResults, code, message) => {
    expect(() => pageOf(items, { maxResults }, "items")).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it("refuse a token that is too long", () => {
    expect(() => pageOf(items, { nextToken: "x".repeat(3097) }, "items")).toThrow(
      "at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096",
    );
  });

  it("refuse a token of someone else", () => {
    expect(() => pageOf(items, { nextToken: "x" }, "items")).toThrow("Invalid Token: 'Invalid token'");
  });
});
