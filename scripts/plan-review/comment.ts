import { planDigest } from "./digest";
import { destroyedData, lossList, permissions, type Review, watchedSettings } from "./findings";
import { fitted, type Group } from "./fitting";
import { losses } from "./losses";
import { code, html, tableCode } from "./markdown";
import { resourceDetails } from "./resource-details";
import type { Action, TerraformPlan } from "./terraform-plan";
import { WATCHED } from "./watched-settings";

/** What a comment says besides the plans. */
export interface CommentOptions {
  readonly title: string;
  /** A last line, in Markdown, such as the commit that was planned. */
  readonly footnote?: string;
}

// https://github.com/orgs/community/discussions/27190
const COMMENT_LIMIT = 65_536;

/** All plans as one Markdown comment: what must not be missed first, details folded away, digests at the end. */
export function reviewComment(reviews: readonly Review[], { title, footnote }: CommentOptions): string {
  return fitted(
    [
      `## ${title}\n\n${table(reviews)}\n`,
      ...caution(reviews.flatMap(destroyedData)),
      ...section("Replaced, destroyed or let go", reviews, lossList),
      ...section("Permissions", reviews, permissions),
      ...WATCHED.flatMap((group) => section(group, reviews, (review) => watchedSettings(review, group))),
      ...reviews.flatMap(details),
      `${digests(reviews)}\n`,
      ...(footnote === undefined ? [] : [footnote]),
    ],
    COMMENT_LIMIT,
  );
}

function table(reviews: readonly Review[]): string {
  const rows = reviews.map(({ name, plan }) => {
    const count = (action: Action) => plan.resources.filter((resource) => resource.action === action).length;
    const counts = [count("create"), count("update"), count("replace"), count("delete")];
    return `| ${tableCode(name)} | ${counts.join(" | ")} | ${verdict(plan)} |`;
  });
  return ["| stack | add | change | replace | destroy | |", "|---|---:|---:|---:|---:|---|", ...rows].join("\n");
}

function verdict(plan: TerraformPlan): string {
  const lost = losses(plan).filter((loss) => loss.lost !== undefined).length;
  if (lost > 0) return `⛔ **${lost} with data destroyed**`;
  if (plan.resources.some(({ action, movedFrom }) => action !== "no-op" || movedFrom !== undefined)) return "";
  return plan.outputs.length > 0 ? "only outputs" : "no change";
}

/** An alert that GitHub draws in red: https://docs.github.com/en/get-started/writing-on-github#alerts */
function caution(items: readonly string[]): readonly Group[] {
  if (items.length === 0) return [];
  const open = "> [!CAUTION]\n> **This destroys what cannot be brought back.**\n>";
  return [{ open, items: items.map((item) => `> - ${item}`), close: "", rank: 0 }];
}

function section(
  heading: string,
  reviews: readonly Review[],
  itemsOf: (review: Review) => readonly string[],
): readonly (string | Group)[] {
  const groups = reviews.flatMap((review): Group[] => {
    const items = itemsOf(review).map((item) => `- ${item}`);
    return items.length === 0 ? [] : [{ open: `**${code(review.name)}**\n`, items, close: "", rank: 1 }];
  });
  return groups.length === 0 ? [] : [`### ${heading}\n`, ...groups];
}

function details({ name, plan }: Review): readonly Group[] {
  const items = resourceDetails(plan);
  if (items.length === 0) return [];
  const open = `<details><summary>Every change of <code>${html(name)}</code></summary>\n`;
  return [{ open, items, close: "\n</details>\n", rank: 2 }];
}

function digests(reviews: readonly Review[]): string {
  const rows = reviews.map(({ name, plan }) => `| ${tableCode(name)} | ${tableCode(planDigest(plan))} |`);
  return ["| stack | digest of the plan |", "|---|---|", ...rows].join("\n");
}
