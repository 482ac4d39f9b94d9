import { type AccessRequest, evaluate, type Principal, parsePolicy } from "../index";

type Json = null | boolean | number | string | readonly Json[] | JsonObject;
type JsonObject = { readonly [key: string]: Json };

const ROLE_ARN = "arn:aws:iam::111111111111:role/Reader";
const OBJECT = "arn:aws:s3:::pictures/cat.jpg";

const policy = (statement: JsonObject | readonly Json[], kind: "identity" | "resource" | "trust" = "identity") =>
  parsePolicy({ Version: "2012-10-17", Statement: statement }, "aws_policy.p", kind);
const role = (...statements: readonly JsonObject[]): Principal & { kind: "role" } => ({
  kind: "role",
  address: "aws_iam_role.reader",
  arn: ROLE_ARN,
  sessionArn: "arn:aws:sts::111111111111:assumed-role/Reader/session",
  policies: statements.map((statement) => policy(statement)),
});
const ask = (principal: Principal, more: Partial<AccessRequest> = {}) =>
  evaluate({ principal, action: "s3:GetObject", resource: OBJECT, context: {}, ...more });
const allowed = (principal: Principal, more: Partial<AccessRequest> = {}) => ask(principal, more).allowed;
const ALLOW = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::pictures/*" };

describe("evaluate", () => {
  it("denies what no statement allows", () => {
    expect(allowed(role())).toBe(false);
  });

  it("allows what one statement allows", () => {
    expect(allowed(role(ALLOW))).toBe(true);
  });

  it("says which statement allows it: the role's own, else the resource's, and that of the boundary", () => {
    const grant = policy([
      { ...ALLOW, Sid: "Other", Action: "s3:PutObject" },
      { ...ALLOW, Sid: "Read" },
    ]);
    const resourcePolicy = parsePolicy(
      { Version: "2012-10-17", Statement: { ...ALLOW, Principal: { AWS: ROLE_ARN } } },
      "aws_s3_bucket_policy.b",
      "resource",
    );
    const boundary = parsePolicy({ Version: "2012-10-17", Statement: ALLOW }, "aws_iam_policy.most", "identity");
    const by = (principal: Principal, more: Partial<AccessRequest> = {}) => {
      const decision = ask(principal, more);
      return decision.allowed ? decision.by : decision.message;
    };

    expect(by({ ...role(), policies: [grant] })).toEqual(["aws_policy.p statement 1 (Read)"]);
    expect(by(role(), { resourcePolicy })).toEqual(["aws_s3_bucket_policy.b statement 0"]);
    expect(by({ ...role(ALLOW), boundary }, { resourcePolicy })).toEqual([
      "aws_policy.p statement 0",
      "aws_iam_policy.most statement 0",
    ]);
    expect(by({ kind: "operator", arn: "arn:aws:iam::111111111111:user/me" })).toEqual([]);
  });

  it("lets an explicit deny win over every allow", () => {
    expect(allowed(role(ALLOW, { ...ALLOW, Effect: "Deny" }))).toBe(false);
  });

  it("lets a deny of the bucket win over an allow of the role", () => {
    const resourcePolicy = policy({ Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }, "resource");

    expect(allowed(role(ALLOW), { resourcePolicy })).toBe(false);
  });

  it("takes an allow of the bucket for a role that has none of its own", () => {
    const resourcePolicy = policy({ ...ALLOW, Principal: { AWS: ROLE_ARN } }, "resource");

    expect(allowed(role(), { resourcePolicy })).toBe(true);
  });

  it("does not take an allow of the bucket that is for another role", () => {
    const resourcePolicy = policy({ ...ALLOW, Principal: { AWS: `${ROLE_ARN}2` } }, "resource");

    expect(allowed(role(), { resourcePolicy })).toBe(false);
  });

  it("lets the operator do everything that nothing denies", () => {
    const operator: Principal = { kind: "operator", arn: "arn:aws:iam::111111111111:user/local-operator" };
    const resourcePolicy = policy(
      { Effect: "Deny", Principal: "*", Action: "s3:GetObject", Resource: "*" },
      "resource",
    );

    expect([allowed(operator), allowed(operator, { resourcePolicy })]).toEqual([true, false]);
  });

  it("denies a service that a trust policy does not name", () => {
    const resourcePolicy = policy(
      { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
      "trust",
    );
    const assume = (name: string) =>
      allowed({ kind: "service", name }, { action: "sts:AssumeRole", resource: ROLE_ARN, resourcePolicy });

    expect([assume("lambda.amazonaws.com"), assume("states.amazonaws.com")]).toEqual([true, false]);
  });

  describe("with a permissions boundary", () => {
    const bounded = (boundary: JsonObject, ...statements: readonly JsonObject[]): Principal => ({
      ...role(...statements),
      boundary: policy(boundary),
    });
    const WIDE = { Effect: "Allow", Action: "*", Resource: "*" };
    const bucketAllows = (principal: string | JsonObject) => ({
      resourcePolicy: policy({ ...ALLOW, Principal: principal }, "resource"),
    });
    const sessionArn = "arn:aws:sts::111111111111:assumed-role/Reader/session";

    it.each<[string, Principal, Partial<AccessRequest>, boolean]>([
      ["allows what both allow", bounded(ALLOW, WIDE), {}, true],
      ["denies what only the role's policy allows", bounded({ ...ALLOW, Action: "s3:PutObject" }, WIDE), {}, false],
      ["grants nothing by itself", bounded(WIDE), {}, false],
      ["denies what the boundary denies", bounded({ ...ALLOW, Effect: "Deny" }, WIDE), {}, false],
      [
        "bounds what a bucket grants the role",
        bounded({ ...ALLOW, Action: "s3:PutObject" }),
        bucketAllows({ AWS: ROLE_ARN }),
        false,
      ],
      [
        "lets past what a bucket grants the session",
        bounded({ ...ALLOW, Action: "s3:PutObject" }),
        bucketAllows({ AWS: sessionArn }),
        true,
      ],
    ])("%s", (_name, principal, request, expected) => {
      expect(allowed(principal, request)).toBe(expected);
    });

    // The role may do nothing of what is asked, and neither may its boundary.
    const nothing = { ...ALLOW, Resource: "arn:aws:s3:::other/*" };
    const session = "arn:aws:sts::111111111111:assumed-role/Reader/session";

    it.each<[string, Json, JsonObject, boolean]>([
      ["the role", { AWS: ROLE_ARN }, {}, false],
      ["the session", { AWS: session }, {}, true],
      ["the role and the session", { AWS: [ROLE_ARN, session] }, {}, true],
      ["everyone", "*", {}, true],
      ["everyone, by the longer name", { AWS: "*" }, {}, true],
      ["everyone who is this role", "*", { Condition: { ArnEquals: { "aws:PrincipalArn": ROLE_ARN } } }, true],
    ])("counts against what the bucket grants to %s: %j", (_what, Principal, more, expected) => {
      const first = { ...ALLOW, Principal: { AWS: ROLE_ARN } };
      const resourcePolicy = policy([first, { ...ALLOW, Principal, ...more }], "resource");
      const context = { "aws:principalarn": ROLE_ARN };

      expect(allowed(bounded(nothing, nothing), { resourcePolicy, context })).toBe(expected);
      // An explicit deny counts against everyone.
      const deny = bounded({ ...ALLOW, Effect: "Deny" }, nothing);
      expect(allowed(deny, { resourcePolicy, context })).toBe(false);
    });

    it("says that it was the boundary", () => {
      expect(ask(bounded({ ...ALLOW, Action: "s3:PutObject" }, WIDE))).toMatchObject({
        message: expect.stringContaining(
          "because no permissions boundary allows the s3:GetObject action (aws_policy.p)",
        ),
      });
    });
  });

  it.each<[string, JsonObject, boolean]>([
    ["actions without regard to case", { ...ALLOW, Action: "S3:getobject" }, true],
    ["* in an action", { ...ALLOW, Action: "s3:Get*" }, true],
    ["? in an action", { ...ALLOW, Action: "s3:?etObject" }, true],
    ["another action of a similar name", { ...ALLOW, Action: "s3:GetObjectVersion" }, false],
    ["resources with regard to case", { ...ALLOW, Resource: "arn:aws:s3:::Pictures/*" }, false],
    ["a dot as a dot", { ...ALLOW, Resource: "arn:aws:s3:::pictures/catxjpg" }, false],
    ["NotAction for what it does not name", { Effect: "Allow", NotAction: "s3:PutObject", Resource: "*" }, true],
    ["NotAction not for what it names", { Effect: "Allow", NotAction: "s3:Get*", Resource: "*" }, false],
    [
      "NotResource for what it does not name",
      { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::other/*" },
      true,
    ],
    [
      "NotResource not for what it names",
      { Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::pictures/*" },
      false,
    ],
    ["any of several actions", { ...ALLOW, Action: ["s3:PutObject", "s3:GetObject"] }, true],
  ])("matches %s", (_what, statement, expected) => {
    expect(allowed(role(statement))).toBe(expected);
  });

  it.each<[string, string, boolean]>([
    ["the value of a key, however it is spelt", "pictures/${AWS:UserName}.jpg", true],
    ["a default, which a value goes before", "pictures/${aws:username, 'dog'}.jpg", true],
    ["a default in the place of a value", "pictures/${s3:prefix, 'cat'}.jpg", true],
    ["nothing where there is neither", "pictures/${s3:prefix}*", false],
    ["nothing where there are several values", "pictures/${aws:principalservicename}*", false],
    ["no wildcard out of a value", "pictures/${s3:delimiter}", false],
    ["no wildcard out of ${*}", "pictures/${*}", false],
    ["no wildcard out of ${?}", "pictures/cat${?}jpg", false],
  ])("takes for a variable %s", (_what, path, expected) => {
    const context = { "aws:username": "cat", "s3:delimiter": "*", "aws:principalservicename": ["cat", "dog"] };

    expect(allowed(role({ ...ALLOW, Resource: `arn:aws:s3:::${path}` }), { context })).toBe(expected);
  });

  it("wants all conditions of a statement to hold", () => {
    const Condition = { StringEquals: { "aws:SourceAccount": "1" }, Bool: { "aws:SecureTransport": "true" } };
    const context = { "aws:sourceaccount": "1", "aws:securetransport": "false" };

    expect(allowed(role({ ...ALLOW, Condition }), { context })).toBe(false);
  });

  it("names the role, the action, the resource and that nothing allows it", () => {
    expect(ask(role())).toEqual({
      allowed: false,
      message:
        "User: arn:aws:sts::111111111111:assumed-role/Reader/session (aws_iam_role.reader) is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::pictures/cat.jpg because no identity-based policy allows the s3:GetObject action",
    });
  });

  it("says which resource a statement with the right action is for", () => {
    expect(ask(role({ ...ALLOW, Sid: "Read", Resource: "arn:aws:s3:::other/*" }))).toHaveProperty(
      "message",
      expect.stringContaining('aws_policy.p statement 0 (Read) has the action, but only for ["arn:aws:s3:::other/*"]'),
    );
  });

  it("says which condition does not hold", () => {
    const Condition = { StringEquals: { "aws:SourceAccount": "1" } };

    expect(ask(role({ ...ALLOW, Condition }))).toHaveProperty(
      "message",
      expect.stringContaining('its condition does not hold: StringEquals aws:SourceAccount ["1"]'),
    );
  });

  it("names the statement that denies", () => {
    expect(ask(role(ALLOW, { Sid: "Never", Effect: "Deny", Action: "*", Resource: "*" }))).toHaveProperty(
      "message",
      expect.stringContaining("with an explicit deny in an identity-based policy: aws_policy.p statement 0 (Never)"),
    );
  });
});
