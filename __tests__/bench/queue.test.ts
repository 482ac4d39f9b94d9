import { playBurst, type Retrier, retryDelay } from "../../bench/queue";

const RETRIER: Retrier = {
  IntervalSeconds: 2,
  BackoffRate: 3,
  MaxAttempts: 4,
  MaxDelaySeconds: 30,
  JitterStrategy: "NONE",
};
const unused = () => 0;

describe("retryDelay", () => {
  it.each([
    [1, 2],
    [2, 6],
    [3, 18],
    [4, 30],
    [400, 30],
  ])("waits before retry %d, without jitter, %d s", (retry, seconds) => {
    expect(retryDelay(RETRIER, retry, 0.1)).toBe(seconds);
  });

  it("draws from zero to the delay with full jitter", () => {
    const jittered = { ...RETRIER, JitterStrategy: "FULL" } as const;
    expect([0, 0.5, 1].map((random) => retryDelay(jittered, 2, random))).toEqual([0, 3, 6]);
  });
});

describe("playBurst", () => {
  it("retries nothing as long as a sandbox is free", () => {
    const burst = { uploads: 100, uploadsPerSecond: 10, secondsEach: 0.3, sandboxes: 4 };
    expect(playBurst(burst, RETRIER, unused)).toEqual({
      lost: 0,
      retriesEach: 0,
      mostRetries: 0,
      slowestSeconds: expect.closeTo(0.3),
      seconds: expect.closeTo(99 / 10 + 0.3),
      floorSeconds: expect.closeTo(7.5),
    });
  });

  it("lets who finds no sandbox come back after the delay", () => {
    const burst = { uploads: 2, uploadsPerSecond: 10, secondsEach: 1, sandboxes: 1 };
    expect(playBurst(burst, RETRIER, unused)).toMatchObject({
      lost: 0,
      retriesEach: 0.5,
      mostRetries: 1,
      slowestSeconds: 3,
      seconds: 3.1,
    });
  });

  it("loses who has used up the retries", () => {
    const burst = { uploads: 2, uploadsPerSecond: 10, secondsEach: 1_000, sandboxes: 1 };
    expect(playBurst(burst, RETRIER, unused)).toMatchObject({
      lost: 1,
      retriesEach: 2,
      mostRetries: 4,
      seconds: 1_000,
    });
  });

  it("never takes less than the floor, and makes every upload that it does not lose", () => {
    const burst = { uploads: 500, uploadsPerSecond: 100, secondsEach: 0.5, sandboxes: 7 };
    let turn = 0;
    const outcome = playBurst(
      burst,
      { ...RETRIER, JitterStrategy: "FULL", MaxAttempts: 1_000 },
      () => (turn++ % 97) / 97,
    );
    expect(outcome.lost).toBe(0);
    expect(outcome.seconds).toBeGreaterThan(outcome.floorSeconds);
  });
});
