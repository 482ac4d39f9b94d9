import { fitted } from "../fitting";

const items = (count: number, length = 9) =>
  Array.from({ length: count }, (_, index) => String(index).padEnd(length, "."));
const group = (fields: Partial<Exclude<Parameters<typeof fitted>[0][number], string>>) => ({
  open: "(",
  items: [],
  close: ")",
  rank: 1,
  ...fields,
});

describe("fitted", () => {
  it("leaves everything in where there is room", () => {
    expect(fitted(["head", group({ items: ["a", "b"] }), "foot"], 400)).toBe("head\n(\na\nb\n)\nfoot");
  });

  it.each([300, 301, 305, 309, 310, 400, 1_000])("stays within %d characters and says how much is missing", (limit) => {
    const text = fitted(["head", group({ items: items(500) }), "foot"], limit);
    const shown = text.match(/^\d+\.+$/gm)?.length ?? 0;

    expect(text.length).toBeLessThanOrEqual(limit);
    expect(text).toContain(`**${500 - shown} more left out here**`);
    expect(text.endsWith(")\nfoot")).toBe(true);
  });

  it("gives groups of the same rank a fair share, and what one does not need to the other", () => {
    const text = fitted(
      [group({ open: "large", items: items(500) }), group({ open: "small", items: items(20) })],
      1_000,
    );

    expect(text.split("small")[1]).not.toContain("left out");
    expect(text.split("small")[0]?.match(/^\d+\.+$/gm)?.length).toBeGreaterThan(20);
  });

  it("gives a lower rank all it needs first, wherever it stands", () => {
    const text = fitted(
      [group({ open: "late", rank: 2, items: items(40) }), group({ open: "early", rank: 0, items: items(40) })],
      800,
    );

    expect(text.split("early")[1]).not.toContain("left out");
    expect(text.split("early")[0]).toContain("left out");
  });

  it("refuses where even the headings do not fit", () => {
    expect(() => fitted(["x".repeat(50)], 40)).toThrow("expected at most 40 characters but the headings alone need 50");
  });
});
