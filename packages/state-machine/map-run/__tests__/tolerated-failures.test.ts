import { checkToleratedFailures, exceeds } from "../tolerated-failures";

describe("exceeds", () => {
  it.each<[number | undefined, number | undefined, number, number | undefined, boolean]>([
    [undefined, undefined, 0, 10, false],
    [undefined, undefined, 1, 10, true],
    [undefined, undefined, 1, undefined, true],
    [undefined, 2, 2, 10, false],
    [undefined, 2, 3, undefined, true],
    [10, undefined, 1, 10, false],
    [10, undefined, 2, 10, true],
    [10, undefined, 2, undefined, false],
    [0, undefined, 1, 10, true],
    [33, undefined, 1, 3, true],
    [34, undefined, 1, 3, false],
    [100, undefined, 10, 10, false],
    [50, 1, 2, 10, true],
    [10, 5, 2, 10, true],
    [10, 5, 1, 10, false],
    [50, undefined, 0, 0, false],
  ])("%s %% and %s tolerated, %i of %s failed: %s", (percentage, count, failed, total, expected) => {
    const failure = exceeds({ percentage, count }, failed, total);
    expect(failure?.error).toBe(expected ? "States.ExceedToleratedFailureThreshold" : undefined);
  });
});

describe("checkToleratedFailures", () => {
  it.each<[number | undefined, number | undefined]>([
    [undefined, undefined],
    [0, 0],
    [100, 7],
    [12.5, undefined],
  ])("takes %s %% and %s", (percentage, count) => {
    expect(() => checkToleratedFailures({ percentage, count })).not.toThrow();
  });

  it.each<[number | undefined, number | undefined, string]>([
    [-1, undefined, "ToleratedFailurePercentage must be between 0 and 100."],
    [101, undefined, "ToleratedFailurePercentage must be between 0 and 100."],
    [undefined, -1, "ToleratedFailureCount cannot be negative."],
  ])("refuses %s %% and %s", (percentage, count, message) => {
    expect(() => checkToleratedFailures({ percentage, count })).toThrow(
      expect.objectContaining({ error: "States.Runtime", message }),
    );
  });
});
