import { parseEventPattern } from "../event-rules/event-pattern";
import type { Json, JsonObject } from "../json";
import { anObjectEvent } from "./support/an-object-event";

const EVENT = anObjectEvent();

/** Whether a pattern matches an event of one's own. */
const matches = (pattern: JsonObject, event: JsonObject) =>
  parseEventPattern(pattern, "aws_cloudwatch_event_rule.r")(event);

describe("parseEventPattern", () => {
  const key = (matcher: JsonObject | string) => ({ detail: { object: { key: [matcher] } } });

  it.each<[string, JsonObject, boolean]>([
    ["values", { source: ["aws.s3"], "detail-type": ["Object Created"] }, true],
    ["one of several values", { source: ["aws.ec2", "aws.s3"] }, true],
    ["all fields, not one", { source: ["aws.s3"], region: ["us-east-1"] }, false],
    ["nested fields", { detail: { bucket: { name: ["pictures"] } } }, true],
    ["an item of a list", { resources: ["arn:aws:s3:::pictures"] }, true],
    ["a missing field", { nothing: ["x"] }, false],
    ["prefix", key({ prefix: "folder/" }), true],
    ["another prefix", key({ prefix: "other/" }), false],
    ["suffix", key({ suffix: ".jpg" }), true],
    ["another suffix", key({ suffix: ".png" }), false],
    ["equals-ignore-case", { source: [{ "equals-ignore-case": "AWS.S3" }] }, true],
    ["suffix in other letters", key({ suffix: { "equals-ignore-case": ".JpG" } }), true],
    ["suffix in other letters, which is not one", key({ suffix: { "equals-ignore-case": "xjpg" } }), false],
    ["prefix in other letters", key({ prefix: { "equals-ignore-case": "FOLDER/" } }), true],
    ["another letter that folds to the same", key({ prefix: { "equals-ignore-case": "\u212a" } }), false],
    ["wildcard", key({ wildcard: "folder/*.jpg" }), true],
    ["another wildcard", key({ wildcard: "*.png" }), false],
    ["anything-but a value", key({ "anything-but": "x" }), true],
    ["anything-but itself", { source: [{ "anything-but": ["aws.s3"] }] }, false],
    ["anything-but of a field that holds others", { detail: { object: [{ "anything-but": "x" }] } }, false],
    ["anything-but of what is not there", { nothing: [{ "anything-but": "x" }] }, false],
    ["anything-but a prefix", key({ "anything-but": { prefix: "folder/" } }), false],
    ["exists", { detail: { object: { key: [{ exists: true }] } } }, true],
    ["exists of a field that holds others", { detail: { object: [{ exists: true }] } }, false],
    ["not exists of a field that holds others", { detail: { object: [{ exists: false }] } }, true],
    ["not exists", { detail: { object: { version: [{ exists: false }] } } }, true],
    ["not exists of what exists", { detail: { object: { key: [{ exists: false }] } } }, false],
    ["numeric", { detail: { object: { size: [{ numeric: [">", 1000, "<=", 1234] }] } } }, true],
    ["numeric with =", { detail: { object: { size: [{ numeric: ["=", 1234] }] } } }, true],
    ["numeric above", { detail: { object: { size: [{ numeric: [">", 0, "<", 1234] }] } } }, false],
    ["numeric outside", { detail: { object: { size: [{ numeric: ["<", 1234] }] } } }, false],
  ])("matches %s", (_what, pattern, expected) => {
    expect(matches(pattern, EVENT)).toBe(expected);
  });

  it.each<[string, JsonObject, string]>([
    ["$or of one", { $or: [{ source: ["a"] }] }, 'the event pattern operator {"source":["a"]} is not understood'],
    ["$or of none", { $or: [] }, 'expected a list of values for "$or" in the event pattern but received []'],
    [
      "an empty pattern in $or",
      { $or: [{ source: ["a"] }, {}] },
      "expected fields in the event pattern but received {}",
    ],
    [
      "too many combinations of $or",
      Object.fromEntries("abcd".split("").map((name) => [name, { $or: Array(6).fill({ x: [1] }) }])),
      "expected at most 1000 combinations of $or in the event pattern",
    ],
    ["a value outside of a list", { source: "aws.s3" }, 'expected a list of values for "source" in the event pattern'],
    ["an empty list", { source: [] }, 'expected a list of values for "source" in the event pattern but received []'],
    ["an empty pattern", {}, "expected fields in the event pattern but received {}"],
    ["a field without a pattern", { detail: {} }, "expected fields in the event pattern but received {}"],
    ...[
      { numeric: [">", "1"] },
      { numeric: [] },
      { numeric: 5 },
      { numeric: [">"] },
      { numeric: ["<", 1, ">", 0] },
      { numeric: [">", 2, "<", 1] },
      { numeric: [">", 0, "<", 5, "<", 9] },
      { numeric: ["=", 5_000_000_001] },
      { wildcard: "**.jpg" },
      { wildcard: "a\\b" },
      { wildcard: "a\\" },
      { wildcard: "*:*:*:*:*:event-bus/*" },
      { cidr: "10.0.0.0" },
      { cidr: "10.0.0.0/33" },
      { cidr: "host/8" },
      { "anything-but": { prefix: "" } },
      { "anything-but": { suffix: ["a", ""] } },
      { "anything-but": { prefix: [] } },
      { "anything-but": { wildcard: "**" } },
      { "anything-but": { numeric: ["=", 1] } },
      { "anything-but": { prefix: { "equals-ignore-case": "a" } } },
      { "anything-but": true },
      { prefix: { suffix: "a" } },
      { suffix: { "equals-ignore-case": 1 } },
      { "equals-ignore-case": 1 },
      { exists: "true" },
      { unknown: "a" },
      {},
      { "anything-but": { prefix: "a", suffix: "b" } },
      { "anything-but": [] },
      { "anything-but": ["a", 1] },
      { "anything-but": null },
      { prefix: "a", suffix: "b" },
      { prefix: 1 },
      ["a"],
    ].map((operator): [string, JsonObject, string] => [
      JSON.stringify(operator),
      { source: [operator] },
      `the event pattern operator ${JSON.stringify(operator)} is not understood`,
    ]),
  ])("refuses %s with the rule's address", (_what, pattern, message) => {
    expect(() => parseEventPattern(pattern, "aws_cloudwatch_event_rule.r")).toThrow(
      `aws_cloudwatch_event_rule.r: ${message}`,
    );
  });
});

describe("an operator on a value", () => {
  const WORDS = ["photo.jpg", "PHOTO.JPG", "", "*", "a*b", "aXb", 7, 7.5, -1, true, false, null, "10.1.2.3", "::1"];

  it.each<[Json, readonly Json[]]>([
    ["photo.jpg", ["photo.jpg"]],
    [7, [7]],
    [true, [true]],
    [null, [null]],
    [{ exactly: "a*b" }, ["a*b"]],
    [{ prefix: "photo" }, ["photo.jpg"]],
    [{ prefix: { "equals-ignore-case": "Photo" } }, ["photo.jpg", "PHOTO.JPG"]],
    [{ suffix: { "equals-ignore-case": ".Jpg" } }, ["photo.jpg", "PHOTO.JPG"]],
    [{ "equals-ignore-case": "Photo.jpg" }, ["photo.jpg", "PHOTO.JPG"]],
    [{ wildcard: "p*o*.jpg" }, ["photo.jpg"]],
    [{ wildcard: "a*b" }, ["a*b", "aXb"]],
    [{ wildcard: "a\\*b" }, ["a*b"]],
    [{ wildcard: "*" }, WORDS.filter((word) => typeof word === "string")],
    [{ wildcard: "photo.jpg*photo.jpg" }, []],
    [{ cidr: "10.0.0.0/8" }, ["10.1.2.3"]],
    [{ cidr: "::/64" }, ["::1"]],
    [{ numeric: [">=", 7] }, [7, 7.5]],
    [{ numeric: ["<", 0] }, [-1]],
    [{ exists: true }, WORDS],
    [{ exists: false }, []],
    [{ "anything-but": "photo.jpg" }, WORDS.filter((word) => word !== "photo.jpg")],
    [{ "anything-but": [7, -1] }, WORDS.filter((word) => word !== 7 && word !== -1)],
    [{ "anything-but": { prefix: ["photo", "a"] } }, WORDS.filter((word) => !/^(photo|a)/.test(String(word)))],
    [{ "anything-but": { suffix: "b" } }, WORDS.filter((word) => !/b$/.test(String(word)))],
    [{ "anything-but": { wildcard: ["*.jpg", "a*"] } }, WORDS.filter((word) => !/\.jpg$|^a/.test(String(word)))],
    [
      { "anything-but": { "equals-ignore-case": ["photo.jpg"] } },
      WORDS.filter((word) => !/^photo/i.test(String(word))),
    ],
  ])("%j takes what EventBridge takes", (matcher, taken) => {
    expect(WORDS.filter((word) => matches({ field: [matcher] }, { field: word }))).toEqual(taken);
  });
});

describe("names and lists", () => {
  const LIST = {
    list: [
      { id: 1, of: { kind: "a" } },
      { id: 2, of: { kind: "b" } },
    ],
  };

  it.each<[string, JsonObject, JsonObject, boolean]>([
    ["a dotted field of the event", { state: { status: ["ok"] } }, { "state.status": "ok" }, true],
    ["a dotted field of the pattern", { "state.status": ["ok"] }, { state: { status: "ok" } }, true],
    ["a field of some element", { list: { id: [2] } }, LIST, true],
    ["a field of no element", { list: { id: [3] } }, LIST, false],
    ["fields of one element", { list: { id: [2], of: { kind: ["b"] } } }, LIST, true],
    ["fields of two elements", { list: { id: [1], of: { kind: ["b"] } } }, LIST, false],
    ["that an element has a field", { list: { id: [{ exists: true }] } }, LIST, true],
    ["that no element has a field", { list: { size: [{ exists: false }] } }, LIST, true],
    ["that an element of two has none", { list: { id: [{ exists: false }] } }, { list: [{ id: 1 }, {}] }, false],
    ["lists in lists", { a: [3] }, { a: [1, [2, [3]]] }, true],
    ["elements of lists in lists", { a: { x: [1], y: [2] } }, { a: [[{ x: 1 }, { x: 1, y: 2 }]] }, true],
    [
      "fields of two lists",
      { a: { x: [1] }, b: { x: [2] } },
      { a: [{ x: 0 }, { x: 1 }], b: [{ x: 2 }, { x: 1 }] },
      true,
    ],
    ["an empty list as nothing", { a: [{ exists: false }] }, { a: [] }, true],
    ["anything-but by one element", { a: [{ "anything-but": "x" }] }, { a: ["x", "y"] }, true],
    ["null as a value", { a: [{ exists: true }] }, { a: null }, true],
    ["a value or nothing", { a: [{ exists: false }, 1] }, { a: 2 }, false],
    ["nothing, or a value", { a: [{ exists: false }, 1] }, {}, true],
    ["either of $or", { $or: [{ a: [1] }, { b: [1] }] }, { b: 1 }, true],
    ["neither of $or", { $or: [{ a: [1] }, { b: [1] }] }, { a: 2 }, false],
    ["$or beside a field", { c: [1], $or: [{ a: [1] }, { b: [1] }] }, { b: 1 }, false],
    ["$or below a field", { d: { $or: [{ a: [1] }, { b: [1] }] } }, { d: { b: 1 } }, true],
    ["$or in $or", { $or: [{ $or: [{ a: [1] }, { b: [1] }] }, { c: [1] }] }, { b: 1 }, true],
    ["a field of the name $or", { $or: [{ prefix: "x" }, { prefix: "y" }] }, { $or: "yes" }, true],
  ])("match %s", (_what, pattern, event, expected) => {
    expect(matches(pattern, event)).toBe(expected);
  });
});
