/** The rows of a long list that have to be there: those in sight, and some more for who scrolls. */
export interface RowWindow {
  readonly from: number;
  /** The first that is not there any more. */
  readonly to: number;
}

const MORE_ROWS = 8;

/** What of `total` rows of one height is in sight. All lengths in pixels. */
export function rowWindow(scrollTop: number, height: number, rowHeight: number, total: number): RowWindow {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - MORE_ROWS;
  const behind = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + MORE_ROWS;
  const to = Math.min(total, behind);
  return { from: Math.max(0, Math.min(first, to)), to };
}

/** The pages of `size` items that hold the rows of a window. */
export function pagesOf({ from, to }: RowWindow, size: number): readonly number[] {
  if (to <= from) return [];
  const first = Math.floor(from / size);
  const last = Math.floor((to - 1) / size);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
