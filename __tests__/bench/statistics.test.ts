import { geometricMean, median } from "../../bench/statistics";

describe("median", () => {
  it("is not moved by one slow round", () => {
    expect(median([3, 1, 900, 2, 4])).toBe(3);
  });

  it("sorts by size, not by spelling", () => {
    expect(median([9, 10, 100])).toBe(10);
  });
});

describe("geometricMean", () => {
  it("lets twice as fast and twice as slow cancel out", () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1);
  });
});
