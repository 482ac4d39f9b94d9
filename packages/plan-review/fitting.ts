/** A part of the comment whose items may have to be left out. */
export interface Group {
  readonly open: string;
  readonly items: readonly string[];
  readonly close: string;
  /** Groups of a lower number get all the room they need before others get any; those of the same number share it. */
  readonly rank: number;
}

/**
 * Joins the parts and stays within the limit. Plain strings always stand; of a group as many items as there is room for,
 * and a line that says how many are missing.
 */
export function fitted(parts: readonly (string | Group)[], limit: number): string {
  const groups = parts.filter((part) => typeof part !== "string");
  const room = roomOf(groups, limit - parts.reduce((sum, part) => sum + fixedLength(part), 0));
  const text = parts.map((part) => (typeof part === "string" ? part : shown(part, room.get(part) ?? 0))).join("\n");
  if (text.length > limit)
    throw new Error(`expected at most ${limit} characters but the headings alone need ${text.length}`);
  return text;
}

/** The room of each group: what it needs, or a fair share of what is left, the smallest needs first. */
function roomOf(groups: readonly Group[], total: number): ReadonlyMap<Group, number> {
  const room = new Map<Group, number>();
  let left = total;
  const byNeed = groups.toSorted((a, b) => a.rank - b.rank || needOf(a) - needOf(b));
  for (const [index, group] of byNeed.entries()) {
    const sharing = byNeed.slice(index).filter(({ rank }) => rank === group.rank).length;
    const share = Math.min(needOf(group), Math.floor(left / sharing));
    room.set(group, share);
    left -= share;
  }
  return room;
}

function shown({ open, items, close }: Group, room: number): string {
  let used = 0;
  const fitting = items.filter((item) => {
    used += item.length + 1;
    return used <= room;
  });
  const missing = items.length - fitting.length;
  return [open, ...fitting, ...(missing > 0 ? [note(missing)] : []), close].join("\n");
}

const note = (missing: number): string =>
  `\n**${missing} more left out here**: a comment holds no more than 65,536 characters. The plan itself has them all.`;

const needOf = ({ items }: Group): number => items.reduce((sum, item) => sum + item.length + 1, 0);

function fixedLength(part: string | Group): number {
  return typeof part === "string"
    ? part.length + 1
    : [part.open, part.close, note(part.items.length)].join("\n").length + 1;
}
