import fc from "fast-check";
import { allowedBy, readStatements, type Statement, statementChanges } from "../index";

const some = (...values: readonly string[]) => fc.subarray([...values], { minLength: 1, maxLength: 2 });
const either = (element: string, values: fc.Arbitrary<readonly string[]>) =>
  fc.tuple(fc.constantFrom(element, element, `Not${element}`), values).map((entry) => Object.fromEntries([entry]));

const statement = fc
  .tuple(
    either("Action", some("*", "s3:*", "s3:Get*", "s3:get", "s3:Get", "s3:?et", "s3:Put")),
    either(
      "Resource",
      some("*", "a/*", "a/?", "a/??", "a/b", "?/*", "a/${*}", "a/${s3:prefix}", "a/${s3:prefix, 'b'}"),
    ),
    fc.dictionary(
      fc.constantFrom("StringEquals", "StringNotEquals", "StringEqualsIfExists", "ForAllValues:StringEquals", "Null"),
      some("true", "false").map((values) => ({ "s3:prefix": values })),
      { maxKeys: 2 },
    ),
  )
  .map(([action, resource, Condition]) => ({ Sid: "One", Effect: "Allow", ...action, ...resource, Condition }));

const QUESTIONS = ["s3:Get", "s3:Put", "s3:GetAll", "sqs:Send"].flatMap((action) =>
  ["a/b", "a/bc", "a/", "a/*", "a/true", "b/c"].flatMap((resource) =>
    [[], ["true"], ["false"], ["b"], ["true", "b"]].map((prefix) => ({
      action,
      resource,
      context: prefix.length === 0 ? {} : { "s3:prefix": prefix },
    })),
  ),
);

describe("statementChanges, beside what the statements allow", () => {
  it("calls nothing narrowed or unchanged that allows more, nor widened or unchanged that allows less", () => {
    fc.assert(
      fc.property(statement, statement, (before, after) => {
        const [old, next] = [read(before), read(after)];
        const allowed = (statements: readonly Statement[]) =>
          QUESTIONS.map((question) => allowedBy(statements, question));
        const [was, is] = [allowed(old), allowed(next)];

        const kind = statementChanges(old, next)[0]?.kind ?? "unchanged";

        const allowsMore = is.some((yes, index) => yes && !was[index]);
        const allowsLess = was.some((yes, index) => yes && !is[index]);
        expect(allowsMore && (kind === "narrowed" || kind === "unchanged")).toBe(false);
        expect(allowsLess && (kind === "widened" || kind === "unchanged")).toBe(false);
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds no change between a statement and itself", () => {
    fc.assert(
      fc.property(statement, (same) => expect(statementChanges(read(same), read(same))).toEqual([])),
      { numRuns: 1_000 },
    );
  });
});

function read(written: object): readonly Statement[] {
  return readStatements(JSON.stringify({ Statement: [written] })) ?? [];
}
