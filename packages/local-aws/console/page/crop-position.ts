/** Brightness of each pixel, row by row. */
export interface Greys {
  readonly width: number;
  readonly height: number;
  readonly values: ArrayLike<number>;
}

/**
 * Where a part lies in the whole of which it is cut along one side: 0 at the beginning, 1 at the end. Both have the same
 * scale and share the other side.
 */
export function cropPosition(whole: Greys, part: Greys): { readonly x: number; readonly y: number } {
  const [slackX, slackY] = [whole.width - part.width, whole.height - part.height];
  const slack = Math.max(slackX, slackY);
  if (slack <= 0) return { x: 0.5, y: 0.5 };
  let best = { offset: 0, difference: Number.POSITIVE_INFINITY };
  for (let offset = 0; offset <= slack; offset++) {
    const difference = differenceAt(whole, part, slackX >= slackY ? offset : 0, slackX >= slackY ? 0 : offset);
    if (difference < best.difference) best = { offset, difference };
  }
  const found = best.offset / slack;
  return slackX >= slackY ? { x: found, y: 0.5 } : { x: 0.5, y: found };
}

function differenceAt(whole: Greys, part: Greys, left: number, top: number): number {
  let sum = 0;
  const [width, height] = [Math.min(part.width, whole.width), Math.min(part.height, whole.height)];
  for (let y = 0; y < height; y++) {
    const [wholeRow, partRow] = [(y + top) * whole.width + left, y * part.width];
    for (let x = 0; x < width; x++) {
      sum += Math.abs((whole.values[wholeRow + x] ?? 0) - (part.values[partRow + x] ?? 0));
    }
  }
  return sum;
}
