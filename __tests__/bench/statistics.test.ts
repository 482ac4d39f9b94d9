import { geometricMean, median, percentile } from "../../bench/statistics";

describe("median", () => {
  it("is not moved by one slow round", () => {
    expect(median([3, 1, 900, 2, 4])).toBe(3);
  });

  it("sorts by size, not by spelling", () => {
    expect(median([9, 10, 100])).toBe(10);
  });
});

describe("percentile", () => {
  it("has that part of the values below it", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect([percentile(hundred, 0), percentile(hundred, 0.95), percentile([7], 0.95)]).toEqual([1, 96, 7]);
  });
});

describe("geometricMean", () => {
  it("lets twice as fast and twice as slow cancel out", () => {
    expect(geometricMean([0.5, 2])).toBeCloseTo(1);
  });
});
