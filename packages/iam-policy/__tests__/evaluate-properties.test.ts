import fc from "fast-check";
import { evaluate, type PolicyDocument, type Principal, parsePolicy } from "../index";

const ROLE = "arn:aws:iam::111111111111:role/r";
const SESSION = "arn:aws:sts::111111111111:assumed-role/r/s";

const action = fc.constantFrom("s3:Get", "s3:Put", "s3:G*", "s3:?et", "*", "sqs:Get", "S3:GET");
const resource = fc.constantFrom("arn:aws:s3:::a/1", "arn:aws:s3:::a/*", "arn:aws:s3:::?/1", "*", "arn:aws:s3:::b/2");
const condition = fc.constantFrom(
  {},
  { StringEquals: { "s3:prefix": ["x", "y"] } },
  { StringNotEquals: { "s3:prefix": "x" } },
  { StringEqualsIfExists: { "s3:prefix": "x" } },
  { "ForAnyValue:StringEquals": { "s3:prefix": ["x"] } },
  { "ForAllValues:StringEquals": { "s3:prefix": ["x"] } },
  { Null: { "s3:prefix": "true" } },
);
const principal = fc.constantFrom<unknown>(
  "*",
  { AWS: "*" },
  { AWS: ROLE },
  { AWS: SESSION },
  { AWS: `${ROLE}2` },
  { Service: "x" },
);

const statement = (withPrincipal: boolean) =>
  fc.record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    ...(withPrincipal && { Principal: principal }),
    actions: fc.record({ not: fc.boolean(), list: fc.array(action, { minLength: 1, maxLength: 2 }) }),
    resources: fc.record({ not: fc.boolean(), list: fc.array(resource, { minLength: 1, maxLength: 2 }) }),
    Condition: condition,
  });
interface Drawn {
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly actions: { readonly not: boolean; readonly list: readonly string[] };
  readonly resources: { readonly not: boolean; readonly list: readonly string[] };
  readonly Condition: object;
}
const policy = (withPrincipal: boolean) => fc.array(statement(withPrincipal), { maxLength: 3 });

function written({ actions, resources, ...rest }: Drawn): object {
  return {
    ...rest,
    [actions.not ? "NotAction" : "Action"]: actions.list,
    [resources.not ? "NotResource" : "Resource"]: resources.list,
  };
}

function parsed(statements: readonly Drawn[], kind: "identity" | "resource"): PolicyDocument {
  return parsePolicy({ Version: "2012-10-17", Statement: statements.map(written) }, "p", kind);
}

/** Character by character, as the documentation tells it. */
function wildcard(pattern: string, text: string): boolean {
  const [first] = pattern;
  if (first === undefined) return text === "";
  if (first === "*") return wildcard(pattern.slice(1), text) || (text !== "" && wildcard(pattern, text.slice(1)));
  return text !== "" && (first === "?" || first === text[0]) && wildcard(pattern.slice(1), text.slice(1));
}

interface Question {
  readonly action: string;
  readonly resource: string;
  readonly prefixes: readonly string[];
}

/** A table of what each condition above says of the values there are. */
function conditionHolds(drawn: object, values: readonly string[]): boolean {
  const [operator] = Object.keys(drawn);
  const known = (value: string) => value === "x";
  switch (operator) {
    case undefined:
      return true;
    case "StringEquals":
      return values.some((value) => value === "x" || value === "y");
    case "StringNotEquals":
      return values.length === 0 || values.some((value) => value !== "x");
    case "StringEqualsIfExists":
      return values.length === 0 || values.some(known);
    case "ForAnyValue:StringEquals":
      return values.some(known);
    case "ForAllValues:StringEquals":
      return values.every(known);
    default:
      return values.length === 0;
  }
}

function applies({ actions, resources, Condition }: Drawn, asked: Question): boolean {
  const has = ({ not, list }: Drawn["actions"], text: string, lower: boolean) => {
    const fold = (value: string) => (lower ? value.toLowerCase() : value);
    return list.some((pattern) => wildcard(fold(pattern), fold(text))) !== not;
  };
  return (
    has(actions, asked.action, true) &&
    has(resources, asked.resource, false) &&
    conditionHolds(Condition, asked.prefixes)
  );
}

/** The flow chart of reference_policies_evaluation-logic, for a role's session inside one account. */
function naive(
  identity: readonly Drawn[],
  resourcePolicy: readonly Drawn[],
  boundary: readonly Drawn[] | undefined,
  asked: Question,
): boolean {
  const who = (drawn: Drawn) => {
    if (drawn.Principal === "*") return "everyone";
    const name = Object(drawn.Principal).AWS;
    return name === "*" ? "everyone" : name === ROLE ? "role" : name === SESSION ? "session" : "other";
  };
  const ofMine = resourcePolicy.filter((drawn) => who(drawn) !== "other" && applies(drawn, asked));
  const ofIdentity = identity.filter((drawn) => applies(drawn, asked));
  const ofBoundary = boundary?.filter((drawn) => applies(drawn, asked));
  if ([...ofMine, ...ofIdentity, ...(ofBoundary ?? [])].some(({ Effect }) => Effect === "Deny")) return false;
  if (ofMine.some((drawn) => who(drawn) !== "role")) return true;
  const granted = ofMine.length > 0 || ofIdentity.length > 0;
  return granted && (ofBoundary === undefined || ofBoundary.length > 0);
}

describe("evaluate", () => {
  it("decides as the flow chart of the documentation does", () => {
    fc.assert(
      fc.property(
        policy(false),
        policy(true),
        fc.option(policy(false), { nil: undefined }),
        fc.record({
          action: fc.constantFrom("s3:Get", "s3:Put", "sqs:Get"),
          resource: fc.constantFrom("arn:aws:s3:::a/1", "arn:aws:s3:::b/2"),
          prefixes: fc.constantFrom<readonly string[]>([], ["x"], ["y"], ["x", "z"]),
        }),
        (identity, resources, boundary, asked) => {
          const role: Principal = {
            kind: "role",
            address: "r",
            arn: ROLE,
            sessionArn: SESSION,
            policies: [parsed(identity, "identity")],
            ...(boundary && { boundary: parsed(boundary, "identity") }),
          };
          const { action: asks, resource: of, prefixes } = asked;
          const context = prefixes.length === 0 ? {} : { "s3:prefix": prefixes };
          const resourcePolicy = parsed(resources, "resource");

          const { allowed } = evaluate({ principal: role, action: asks, resource: of, resourcePolicy, context });

          expect(allowed).toBe(naive(identity, resources, boundary, asked));
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
