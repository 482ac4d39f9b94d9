import fc from "fast-check";
import { evaluate, type Principal, parsePolicy } from "../index";
import { DATES, NAMES, naivelyAllowed, type Question, type WrittenStatement } from "./naive-iam";

const RUNS = 5_000;

const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });

const actions = some("s3:GetObject", "s3:get*", "s3:Get?bject", "s3:PutObject", "s3:*", "*", "sqs:SendMessage");
const resources = some(
  "*",
  "arn:aws:s3:::a/cat",
  "arn:aws:s3:::a/*",
  "arn:aws:s3:::?/c*t",
  "arn:aws:s3:::A/cat",
  "arn:aws:s3:::*",
  "arn:aws:s3:::a/${s3:prefix}",
  "arn:aws:s3:::?/${s3:prefix, 'cat'}",
  "arn:aws:s3:::a/${*}",
);

const VARIABLES = ["${s3:prefix}", "${S3:Prefix, 'cat'}", "${s3:max-keys}/b", "${*}", "${?}at", "c${*}", "${$}"];
const TEXTS = ["cat", "Cat", "c*", "?at", "", "a/b", "*"] as const;
const ARNS = [
  "arn:aws:s3:::a",
  "arn:aws:s3:::*",
  "arn:aws:*:::a",
  "arn:aws:states:eu-west-1:111111111111:machine:a:b",
  "arn:aws:states:*:machine:*",
  "arn:aws:states:*:*:machine:?:*",
] as const;
const NUMBERS = ["0", "10", "10.0", "9.5", "-1"] as const;
const ADDRESSES = [
  "10.0.0.1",
  "10.0.0.0/8",
  "10.1.0.0/15",
  "0.0.0.0/0",
  "2001:db8::1",
  "2001:db8::/32",
  "::/0",
] as const;

/** For each group of operators: the key it is asked of, what policies say of it, and what requests bring. */
const GROUPS: readonly {
  readonly operators: readonly string[];
  readonly key: string;
  readonly wanted: readonly string[];
  readonly actual: readonly string[];
}[] = [
  {
    operators: [
      "StringEquals",
      "StringEqualsIgnoreCase",
      "StringLike",
      "StringNotEquals",
      "StringNotEqualsIgnoreCase",
      "StringNotLike",
    ],
    key: "s3:prefix",
    wanted: [...TEXTS, ...VARIABLES],
    actual: [...TEXTS, "$", "?at", "10/b"],
  },
  {
    operators: ["ArnEquals", "ArnLike", "ArnNotEquals", "ArnNotLike"],
    key: "aws:SourceArn",
    wanted: [...ARNS, "arn:aws:s3:::${s3:prefix}"],
    actual: [...ARNS, "cat"],
  },
  {
    operators: [
      "NumericEquals",
      "NumericNotEquals",
      "NumericLessThan",
      "NumericLessThanEquals",
      "NumericGreaterThan",
      "NumericGreaterThanEquals",
    ],
    key: "s3:max-keys",
    wanted: NUMBERS,
    actual: [...NUMBERS, "", "1e1", "0xA"],
  },
  {
    operators: [
      "DateEquals",
      "DateNotEquals",
      "DateLessThan",
      "DateLessThanEquals",
      "DateGreaterThan",
      "DateGreaterThanEquals",
    ],
    key: "aws:CurrentTime",
    wanted: DATES,
    actual: [...DATES, "noon", ""],
  },
  { operators: ["Bool"], key: "aws:SecureTransport", wanted: ["true", "false"], actual: ["true", "FALSE", "false"] },
  {
    operators: ["IpAddress", "NotIpAddress"],
    key: "aws:SourceIp",
    wanted: ADDRESSES,
    actual: ["10.0.0.1", "10.2.3.4", "192.0.2.1", "2001:db8::1", "2001:db9::", "cat"],
  },
];

const conditions = fc.constantFrom(...GROUPS).chain(({ operators, key, wanted }) =>
  fc
    .record({
      set: fc.constantFrom("", "", "ForAllValues:", "ForAnyValue:"),
      operator: fc.constantFrom(...operators),
      ifExists: fc.constantFrom("", "", "IfExists"),
      values: some(...wanted),
      isNull: fc.constantFrom(undefined, undefined, undefined, "true", "false"),
    })
    .map(({ set, operator, ifExists, values, isNull }) =>
      isNull === undefined ? { [`${set}${operator}${ifExists}`]: { [key]: values } } : { Null: { [key]: [isNull] } },
    ),
);

const identityStatements = statements(fc.constant({}));
const resourceStatements = statements(
  fc
    .constantFrom<NonNullable<WrittenStatement["Principal"]>>(
      "*",
      { AWS: ["*"] },
      ...Object.values(NAMES)
        .flatMap(({ own, role }) => [own ?? [], role ?? []].flat())
        .map((name) => ({ [name.split(" ")[0] ?? ""]: [nameOf(name)] })),
      { AWS: ["arn:aws:iam::111111111111:role/Other"], Service: ["states.amazonaws.com", "lambda.amazonaws.com"] },
    )
    .map((principal) => ({ Principal: principal })),
);

function statements(principal: fc.Arbitrary<Pick<WrittenStatement, "Principal">>): fc.Arbitrary<WrittenStatement[]> {
  const statement = fc
    .record({
      effect: fc.constantFrom<"Allow" | "Deny">("Allow", "Allow", "Allow", "Deny"),
      who: principal,
      what: fc.oneof(
        { weight: 3, arbitrary: actions.map((values) => ({ Action: values })) },
        actions.map((values) => ({ NotAction: values })),
      ),
      where: fc.oneof(
        { weight: 3, arbitrary: resources.map((values) => ({ Resource: values })) },
        resources.map((values) => ({ NotResource: values })),
      ),
      when: fc.option(
        conditions.map((Condition) => ({ Condition })),
        { nil: {} },
      ),
    })
    .map(
      ({ effect, who, what, where, when }): WrittenStatement => ({
        Effect: effect,
        ...who,
        ...what,
        ...where,
        ...when,
      }),
    );
  return fc.array(statement, { maxLength: 3 });
}

const question: fc.Arbitrary<Question> = fc.record({
  who: fc.constantFrom<Question["who"]>("session", "session", "session", "service", "anonymous", "operator"),
  action: fc.constantFrom("s3:GetObject", "s3:getobject", "s3:PutObject", "sqs:SendMessage"),
  resource: fc.constantFrom(
    "arn:aws:s3:::a/cat",
    "arn:aws:s3:::a/",
    "arn:aws:s3:::b/cut",
    "arn:aws:sqs:eu-west-1:111111111111:q",
  ),
  context: fc
    .tuple(...GROUPS.map(({ key, actual }) => valuesOf(actual).map((values) => [key.toLowerCase(), values] as const)))
    .map((entries) => Object.fromEntries(entries.filter(([, values]) => values.length > 0))),
  identity: identityStatements,
  boundary: fc.option(
    identityStatements.filter(({ length }) => length > 0),
    { nil: undefined },
  ),
  ofResource: resourceStatements,
});

describe("evaluate, beside a second evaluator that shares no code with it", () => {
  it("decides alike whatever the policies, the caller and the request", () => {
    fc.assert(
      fc.property(question, (asked) => expect(isAllowed(asked)).toBe(naivelyAllowed(asked))),
      { numRuns: RUNS },
    );
  });

  it("is asked questions of both answers, each often enough", () => {
    const answers = fc.sample(question, { numRuns: 1_000, seed: 1 }).map(naivelyAllowed);
    const share = answers.filter(Boolean).length / answers.length;

    expect(Math.abs(share - 0.5)).toBeLessThan(0.3);
  });
});

function isAllowed({ who, action, resource, context, identity, boundary, ofResource }: Question): boolean {
  const policy = (list: readonly WrittenStatement[], kind: "identity" | "resource") =>
    parsePolicy({ Version: "2012-10-17", Statement: list }, "aws_policy.p", kind);
  const { own, role } = NAMES[who];
  const principals: Readonly<Record<Question["who"], Principal>> = {
    session: {
      kind: "role",
      address: "aws_iam_role.r",
      arn: nameOf(role),
      sessionArn: nameOf(own),
      policies: [policy(identity, "identity")],
      ...(boundary && { boundary: policy(boundary, "identity") }),
    },
    service: { kind: "service", name: nameOf(own) },
    operator: { kind: "operator", arn: nameOf(own) },
    anonymous: { kind: "anonymous" },
  };
  return evaluate({
    principal: principals[who],
    action,
    resource,
    resourcePolicy: policy(ofResource, "resource"),
    context,
  }).allowed;
}

/** The name without its kind. */
function nameOf(name: string | undefined): string {
  return name?.split(" ")[1] ?? "";
}

/** None, which is a key that the request does not have, or one, or several. */
function valuesOf(values: readonly string[]): fc.Arbitrary<readonly string[]> {
  return fc.subarray([...values], { maxLength: 2 });
}
