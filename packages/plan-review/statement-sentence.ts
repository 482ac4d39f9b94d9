import type { Clause, Condition, Statement } from "@image-pipeline/iam-policy";
import { opensAccess, type StatementChange } from "@image-pipeline/iam-policy";
import { code } from "./markdown";

/** What became of a statement as a sentence in Markdown. */
export function statementSentence(change: StatementChange, where: string): string {
  const { kind, statement } = change;
  const name = statement.sid === undefined ? "" : ` ${code(statement.sid)}`;
  const differences = "before" in change ? ` (${differencesOf(change.before, statement).join("; ")})` : "";
  return `${isAlarming(change) ? "⚠️ " : ""}**${kind}**${name} in ${where}: ${meaning(statement, kind === "removed")}${differences}`;
}

/** True for what a reviewer should stop at: access that is opened where there was some, or opened widely. */
export function isAlarming(change: StatementChange): boolean {
  return opensAccess(change) && (change.kind !== "added" || isBroad(change.statement));
}

/** Wildcards, and people or accounts: a service principal can be no one but AWS itself. */
function isBroad({ actions, resources, principals }: Statement): boolean {
  return (
    [actions, resources, principals].some((clause) => clause?.except === true || clause?.values.includes("*")) ||
    actions.values.some((action) => /[*?]/.test(action) || action.startsWith("everything in ")) ||
    (principals?.values.some((principal) => /^(AWS|Federated|CanonicalUser) /.test(principal)) ?? false)
  );
}

const VERBS = { Allow: ["allows", "allowed"], Deny: ["forbids", "forbade"] } as const;

function meaning({ effect, principals, actions, resources, conditions }: Statement, isPast: boolean): string {
  return [
    VERBS[effect][isPast ? 1 : 0],
    ...(principals === undefined ? [] : [`${clauseText(principals, "everyone")} to`]),
    clauseText(actions, "everything"),
    ...(resources === undefined ? [] : [`on ${clauseText(resources, "every resource")}`]),
    ...(conditions.length === 0 ? [] : [`if ${conditions.map(conditionText).join(" and ")}`]),
  ].join(" ");
}

function clauseText({ except, values }: Clause, all: string): string {
  if (except) return `${all} except ${listed(values)}`;
  return values.includes("*") ? `${all} (${code("*")})` : listed(values);
}

const conditionText = ({ operator, key, values }: Condition): string =>
  `${code(key)} ${code(operator)} ${listed(values)}`;

const MOST_VALUES = 20;

/** The values, those with wildcards first so that none of them hides behind the cut. */
function listed(values: readonly string[]): string {
  const sorted = [...values.filter((value) => value.includes("*")), ...values.filter((value) => !value.includes("*"))];
  const shown = sorted.slice(0, MOST_VALUES).map((value) => code(value, 200));
  const more = sorted.length - shown.length;
  return shown.join(", ") + (more > 0 ? ` and **${more} more**` : "");
}

function differencesOf(before: Statement, after: Statement): readonly string[] {
  const parts: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ["principals", valuesOf(before.principals), valuesOf(after.principals)],
    ["actions", valuesOf(before.actions), valuesOf(after.actions)],
    ["resources", valuesOf(before.resources), valuesOf(after.resources)],
    ["conditions", before.conditions.map(plainCondition), after.conditions.map(plainCondition)],
  ];
  return parts.flatMap(([name, old, next]) => {
    const added = next.filter((value) => !old.includes(value));
    const removed = old.filter((value) => !next.includes(value));
    return [
      ...(added.length > 0 ? [`new ${name}: ${listed(added)}`] : []),
      ...(removed.length > 0 ? [`${name} no longer there: ${listed(removed)}`] : []),
    ];
  });
}

const valuesOf = (clause: Clause | undefined): readonly string[] =>
  clause === undefined ? [] : clause.values.map((value) => (clause.except ? `all except ${value}` : value));
const plainCondition = ({ operator, key, values }: Condition): string => `${key} ${operator} ${values.join(", ")}`;
