import type { Clause, Condition, Statement } from "./statement";
import { coversPattern } from "./wildcards";

/**
 * What became of a statement. "widened": it applies to all it did before and to more; "narrowed": to less; "changed": to
 * something else, which includes everything that cannot be proved to be one of the two.
 */
export type StatementChange =
  | { readonly kind: "added" | "removed"; readonly statement: Statement }
  | {
      readonly kind: "widened" | "narrowed" | "changed";
      readonly before: Statement;
      readonly statement: Statement;
    };

/** Pairs the statements of two policies, by Sid first, and tells what became of each; equal ones are left out. */
export function statementChanges(
  before: readonly Statement[],
  after: readonly Statement[],
): readonly StatementChange[] {
  const left = [...before];
  const take = (matches: (old: Statement) => boolean): Statement | undefined => {
    const index = left.findIndex(matches);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  // Equal statements first, so that a second one with the same Sid, or with none, finds its own partner.
  const changed = after.filter((statement) => take((old) => sameMeaning(old, statement)) === undefined);
  const changes = changed.map((statement): StatementChange => {
    const old = take(({ sid, effect }) => sid !== undefined && sid === statement.sid && effect === statement.effect);
    return old === undefined ? { kind: "added", statement } : { kind: kindOf(old, statement), before: old, statement };
  });
  return [...changes, ...left.map((statement): StatementChange => ({ kind: "removed", statement }))];
}

/** True when the change can let someone do what was not allowed before. */
export function opensAccess(change: StatementChange): boolean {
  const opening =
    change.statement.effect === "Allow" ? ["added", "widened", "changed"] : ["removed", "narrowed", "changed"];
  return opening.includes(change.kind);
}

const sameMeaning = (a: Statement, b: Statement): boolean =>
  a.sid === b.sid && a.effect === b.effect && covers(a, b) && covers(b, a);

function kindOf(before: Statement, after: Statement): "widened" | "narrowed" | "changed" {
  if (covers(after, before)) return "widened";
  return covers(before, after) ? "narrowed" : "changed";
}

/** True when the outer statement applies to everything that the inner one applies to. */
function covers(outer: Statement, inner: Statement): boolean {
  return (
    clauseCovers(outer.actions, inner.actions, "i") &&
    clauseCovers(outer.resources, inner.resources) &&
    clauseCovers(outer.principals, inner.principals) &&
    // Every condition restricts: the inner one must be held at least as tightly.
    outer.conditions.every((loose) => inner.conditions.some((tight) => conditionCovers(loose, tight)))
  );
}

function clauseCovers(outer: Clause | undefined, inner: Clause | undefined, flags = ""): boolean {
  if (outer === undefined || inner === undefined) return outer === inner;
  if (!outer.except && outer.values.includes("*")) return true;
  if (outer.except !== inner.except) return false;
  const [wide, narrow] = outer.except ? [inner, outer] : [outer, inner];
  return narrow.values.every((value) => wide.values.some((pattern) => coversPattern(pattern, value, flags)));
}

/** Values of a condition are alternatives, except of the negated operators, where each excludes something. */
function conditionCovers(loose: Condition, tight: Condition): boolean {
  if (loose.operator !== tight.operator || loose.key.toLowerCase() !== tight.key.toLowerCase()) return false;
  const [some, all] = /Not/.test(loose.operator) ? [loose, tight] : [tight, loose];
  return some.values.every((value) => all.values.includes(value));
}
