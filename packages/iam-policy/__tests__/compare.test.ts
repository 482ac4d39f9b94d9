import { opensAccess, readStatements, statementChanges } from "../index";

const READ = { Sid: "Read", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/*" };
const TLS = {
  ...READ,
  Sid: "Tls",
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

const statements = (...list: readonly object[]) =>
  readStatements(JSON.stringify({ Version: "2012-10-17", Statement: list })) ?? [];
const changesFrom = (before: readonly object[], after: readonly object[]) =>
  statementChanges(statements(...before), statements(...after));
const kindsFrom = (before: object, after: object): readonly (readonly [string, boolean])[] =>
  changesFrom([before], [after]).map((change) => [change.kind, opensAccess(change)]);

describe("statementChanges", () => {
  it.each<[string, object, string, boolean]>([
    ["another action", { Action: ["s3:GetObject", "s3:PutObject"] }, "widened", true],
    ["a wildcard over the action", { Action: "s3:Get*" }, "widened", true],
    ["every action", { Action: "*" }, "widened", true],
    ["a wider resource", { Resource: "arn:aws:s3:::pic*" }, "widened", true],
    ["every resource", { Resource: "*" }, "widened", true],
    ["a narrower resource", { Resource: "arn:aws:s3:::pictures/small/*" }, "narrowed", false],
    ["a condition", { Condition: { StringEquals: { "aws:SourceAccount": "1" } } }, "narrowed", false],
    [
      "a resource of which every character is another one's wildcard",
      { Resource: "arn:aws:s3:::pictures/?" },
      "narrowed",
      false,
    ],
    ["a star itself as resource", { Resource: "arn:aws:s3:::pictures/${*}" }, "narrowed", false],
    ["another resource", { Resource: "arn:aws:s3:::videos/*" }, "changed", true],
    [
      "another action and a narrower resource",
      { Action: "s3:PutObject", Resource: "arn:aws:s3:::pictures/a/*" },
      "changed",
      true,
    ],
    ["all actions but one", { Action: undefined, NotAction: "s3:DeleteObject" }, "changed", true],
    ["all resources but one", { Resource: undefined, NotResource: "arn:aws:s3:::secret/*" }, "changed", true],
    ["a principal where there was none", { Principal: "*" }, "changed", true],
  ])("calls %s in an allowing statement by what it does", (_, fields, kind, opens) => {
    expect(kindsFrom(READ, { ...READ, ...fields })).toEqual([[kind, opens]]);
  });

  it.each<[string, object, string, boolean]>([
    ["fewer actions", { Action: "s3:GetObject" }, "narrowed", true],
    [
      "another condition on top",
      { Condition: { ...TLS.Condition, StringEquals: { "aws:PrincipalAccount": "1" } } },
      "narrowed",
      true,
    ],
    ["no condition", { Condition: undefined }, "widened", false],
    ["fewer principals", { Principal: { AWS: "arn:aws:iam::1:root" } }, "narrowed", true],
  ])("calls %s in a denying statement by whom it lets in", (_, fields, kind, opens) => {
    expect(kindsFrom(TLS, { ...TLS, ...fields })).toEqual([[kind, opens]]);
  });

  it.each<[string, object, object, string]>([
    ["another value of a condition", { StringEquals: { a: "1" } }, { StringEquals: { a: ["1", "2"] } }, "widened"],
    [
      "another value of a negated condition",
      { StringNotEquals: { a: "1" } },
      { StringNotEquals: { a: ["1", "2"] } },
      "narrowed",
    ],
    ["a looser operator", { StringEquals: { a: "1" } }, { StringLike: { a: "1" } }, "changed"],
    ["no condition any more", { StringEquals: { a: "1" } }, {}, "widened"],
  ])("compares conditions: %s", (_, before, after, kind) => {
    expect(kindsFrom({ ...READ, Condition: before }, { ...READ, Condition: after })).toEqual([
      [kind, kind !== "narrowed"],
    ]);
  });

  it.each<[string, object]>([
    ["a list of one in place of a string", { Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::pictures/*"] }],
    ["the action in other letters", { Action: "S3:getobject" }],
    ["the same value twice", { Action: ["s3:GetObject", "s3:GetObject"] }],
  ])("sees no change in %s", (_, fields) => {
    expect(kindsFrom(READ, { ...READ, ...fields })).toEqual([]);
  });

  it("sees no change in another order of statements or principals", () => {
    const trust = (AWS: readonly string[]) => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { AWS } });

    expect(changesFrom([READ, TLS], [TLS, READ])).toEqual([]);
    expect(changesFrom([trust(["a", "b"])], [trust(["b", "a"])])).toEqual([]);
  });

  it("takes resources by case, as they are on AWS", () => {
    expect(kindsFrom(READ, { ...READ, Resource: "arn:aws:s3:::Pictures/*" })).toEqual([["changed", true]]);
  });

  it("matches characters of a regular expression as themselves", () => {
    expect(kindsFrom({ ...READ, Resource: "arn:a.b" }, { ...READ, Resource: "arn:axb" })).toEqual([["changed", true]]);
  });

  it("tells a statement that turns from Deny to Allow as one removed and one added", () => {
    const kinds = changesFrom([TLS], [{ ...TLS, Effect: "Allow" }]).map((change) => [change.kind, opensAccess(change)]);

    expect(kinds).toEqual([
      ["added", true],
      ["removed", true],
    ]);
  });

  it("tells statements without a Sid as added and removed", () => {
    const { Sid: _, ...unnamed } = READ;

    expect(changesFrom([unnamed], [{ ...unnamed, Action: "s3:*" }]).map(({ kind }) => kind)).toEqual([
      "added",
      "removed",
    ]);
  });

  it("pairs two statements of the same Sid with one partner each", () => {
    const other = { ...READ, Action: "s3:PutObject" };

    expect(changesFrom([READ, other], [other, { ...READ, Action: "s3:*" }]).map(({ kind }) => kind)).toEqual([
      "widened",
    ]);
  });
});

describe("readStatements", () => {
  it.each([
    "",
    "plain text",
    "{",
    "[]",
    '{"Statement":[]',
    '{"States":{}}',
    '{"Statement":{"Effect":"Maybe","Action":"*"}}',
    '{"Statement":{"Effect":"Allow"}}',
  ])("takes %j for no policy", (text) => {
    expect(readStatements(text)).toBeUndefined();
  });

  it("reads a single statement as a list of one", () => {
    expect(readStatements(JSON.stringify({ Statement: READ }))).toHaveLength(1);
  });

  it("takes the two ways to say everyone for the same", () => {
    const principalsOf = (Principal: unknown) => statements({ ...TLS, Principal })[0]?.principals;

    expect(principalsOf({ AWS: "*" })).toEqual(principalsOf("*"));
  });
});
