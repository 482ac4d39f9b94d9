import { accessChanges } from "./access-changes";
import type { AttributeChange } from "./attributes";
import { losses } from "./losses";
import { code } from "./markdown";
import { scalarText } from "./resource-details";
import { isAlarming, statementSentence } from "./statement-sentence";
import type { SynthesizedStack } from "./synthesized-stack";
import type { ResourceChange, TerraformPlan } from "./terraform-plan";
import { isRecord } from "./value";
import type { Watched, WatchedChange } from "./watched-settings";

/** The plan of one stack, with the stack it was made from where that is at hand. */
export interface PlannedReview {
  readonly name: string;
  readonly plan: TerraformPlan;
  readonly stack?: SynthesizedStack;
}

/** A stack to review, which could not be planned where there is no plan. */
export type Review = PlannedReview | { readonly name: string; readonly plan: undefined };

/** What a plan destroys for good, a sentence of Markdown each. */
export function destroyedData({ name, plan }: PlannedReview): readonly string[] {
  return losses(plan).flatMap(({ resource, lost }) =>
    lost === undefined ? [] : [`${code(name)}: ${lossSentence(resource)}, and with it **${lost}**`],
  );
}

/** What goes away besides data. */
export function lossList({ plan }: PlannedReview): readonly string[] {
  return losses(plan).flatMap(({ resource, lost }) => (lost === undefined ? [lossSentence(resource)] : []));
}

function lossSentence(resource: ResourceChange): string {
  const subject = code(resource.address) + nameOf(resource);
  if (resource.action === "delete") return `${subject} is **destroyed**`;
  if (resource.action === "forget") return `${subject} is no longer managed, and stays as it is`;
  const because = resource.replacedBecause.map((path) => code(path)).join(", ");
  return `${subject} is **replaced**${because === "" ? "" : ` because ${because} changes`}`;
}

/** Every permission that changes, those that a reviewer should stop at first. */
export function permissions({ plan, stack }: PlannedReview): readonly string[] {
  const sentences = accessChanges(plan, stack).flatMap(({ resource, attribute, statements }) => {
    const isWhole = attribute === "" || attribute === "policy";
    const where = code(isWhole ? resource.address : `${resource.address}.${attribute}`) + nameOf(resource);
    if (statements === "sensitive" || statements === "unknown") {
      const why = statements === "sensitive" ? "is marked sensitive" : "is known only after apply";
      return [{ alarming: true, text: `⚠️ ${where} ${why} and cannot be reviewed here` }];
    }
    return statements.map((change) => ({ alarming: isAlarming(change), text: statementSentence(change, where) }));
  });
  return [true, false].flatMap((first) =>
    sentences.flatMap(({ alarming, text }) => (alarming === first ? [text] : [])),
  );
}

/** The settings of one group that change, a line for each resource. */
export function watchedSettings(changes: readonly WatchedChange[], group: Watched): readonly string[] {
  return changes.flatMap((change) =>
    change.group === group
      ? [`${code(change.resource.address)}${nameOf(change.resource)}: ${change.settings.map(setting).join(", ")}`]
      : [],
  );
}

function setting({ path, before, after }: AttributeChange): string {
  if (before === undefined) return `${code(path)} = ${code(scalarText(after))}`;
  return `${code(path)} ${code(scalarText(before))} → ${code(scalarText(after))}`;
}

/** The name that a thing has in AWS, which the address does not tell. */
function nameOf({ before, after }: ResourceChange): string {
  const attributes = isRecord(before) ? before : after;
  if (!isRecord(attributes)) return "";
  const names = [attributes.bucket, attributes.role, attributes.function_name, attributes.name];
  const name = names.find((value) => value !== undefined && value !== null);
  return typeof name === "string" ? ` (${code(name)})` : "";
}
