import { planDigest } from "./digest";
import { destroyedData, lossList, type PlannedReview, permissions, type Review, watchedSettings } from "./findings";
import { fitted, type Group } from "./fitting";
import { losses } from "./losses";
import { code, html, tableCode } from "./markdown";
import { resourceDetails } from "./resource-details";
import { type Action, isChanged, isUnchanged, type TerraformPlan } from "./terraform-plan";
import { WATCHED, watchedChanges } from "./watched-settings";

/** What a comment says besides the plans. */
export interface CommentOptions {
  readonly title: string;
  /** A last line, in Markdown, such as the commit that was planned. */
  readonly footnote?: string;
  /**
   * Whether the digests stand at the end.
   * @default true - a plan is deployed by its digest
   */
  readonly digests?: boolean;
}

// https://github.com/orgs/community/discussions/27190
const COMMENT_LIMIT = 65_536;

/** All plans as one Markdown comment: what must not be missed first, details folded away, digests at the end. */
export function reviewComment(all: readonly Review[], { title, footnote, digests = true }: CommentOptions): string {
  const reviews = all.filter((review) => review.plan !== undefined);
  const watched = new Map(reviews.map((review) => [review, watchedChanges(review.plan)]));
  return fitted(
    [
      `## ${title}\n\n${table(all)}\n`,
      ...caution(reviews.flatMap(destroyedData)),
      ...section("Replaced, destroyed or let go", reviews, lossList),
      ...section("Permissions", reviews, permissions),
      ...WATCHED.flatMap((group) =>
        section(group, reviews, (review) => watchedSettings(watched.get(review) ?? [], group)),
      ),
      ...reviews.flatMap(details),
      ...(digests ? [`${digestTable(reviews)}\n`] : []),
      ...(footnote === undefined ? [] : [footnote]),
    ],
    COMMENT_LIMIT,
  );
}

function table(reviews: readonly Review[]): string {
  const rows = reviews.map(({ name, plan }) => {
    if (plan === undefined) return `| ${tableCode(name)} | | | | | ❌ **could not be planned** |`;
    const count = (action: Action) => plan.resources.filter((resource) => resource.action === action).length;
    const counts = [count("create"), count("update"), count("replace"), count("delete")];
    return `| ${tableCode(name)} | ${counts.join(" | ")} | ${verdict(plan)} |`;
  });
  return ["| stack | add | change | replace | destroy | |", "|---|---:|---:|---:|---:|---|", ...rows].join("\n");
}

function verdict(plan: TerraformPlan): string {
  const lost = losses(plan).filter((loss) => loss.lost !== undefined).length;
  if (lost > 0) return `⛔ **${lost} with data destroyed**`;
  if (plan.resources.some(isChanged)) return "";
  return isUnchanged(plan) ? "no change" : "only outputs";
}

/** An alert that GitHub draws in red: https://docs.github.com/en/get-started/writing-on-github#alerts */
function caution(items: readonly string[]): readonly Group[] {
  if (items.length === 0) return [];
  const open = "> [!CAUTION]\n> **This destroys what cannot be brought back.**\n>";
  return [{ open, items: items.map((item) => `> - ${item}`), close: "", rank: 0 }];
}

function section(
  heading: string,
  reviews: readonly PlannedReview[],
  itemsOf: (review: PlannedReview) => readonly string[],
): readonly (string | Group)[] {
  const groups = reviews.flatMap((review): Group[] => {
    const items = itemsOf(review).map((item) => `- ${item}`);
    return items.length === 0 ? [] : [{ open: `**${code(review.name)}**\n`, items, close: "", rank: 1 }];
  });
  return groups.length === 0 ? [] : [`### ${heading}\n`, ...groups];
}

function details({ name, plan }: PlannedReview): readonly Group[] {
  const items = resourceDetails(plan);
  if (items.length === 0) return [];
  const open = `<details><summary>Every change of <code>${html(name)}</code></summary>\n`;
  return [{ open, items, close: "\n</details>\n", rank: 2 }];
}

function digestTable(reviews: readonly PlannedReview[]): string {
  const rows = reviews.map(({ name, plan, stack }) => {
    const digest = stack === undefined ? "none without the synthesized stack" : tableCode(planDigest(plan, stack));
    return `| ${tableCode(name)} | ${digest} |`;
  });
  return ["| stack | digest of the plan |", "|---|---|", ...rows].join("\n");
}
