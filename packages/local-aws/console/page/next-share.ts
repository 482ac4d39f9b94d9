/** As the keys of a slider do: https://www.w3.org/WAI/ARIA/apg/patterns/slider/ */
export function nextShare(share: number, key: string): number | undefined {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return within(share - 2);
    case "ArrowRight":
    case "ArrowUp":
      return within(share + 2);
    case "PageDown":
      return within(share - 10);
    case "PageUp":
      return within(share + 10);
    case "Home":
      return 0;
    case "End":
      return 100;
    default:
      return undefined;
  }
}

/** Percent. */
export const within = (share: number): number => Math.min(100, Math.max(0, share));
