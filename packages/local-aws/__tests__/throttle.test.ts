import { TokenBucket } from "../http-api/throttle";

describe("TokenBucket", () => {
  it("refills with the rate, and never above the burst", () => {
    let now = 0;
    const bucket = new TokenBucket({ rateLimit: 10, burstLimit: 2 }, () => now);
    const take = (count: number) => Array.from({ length: count }, () => bucket.take());

    expect(take(3)).toEqual([true, true, false]);
    now += 100;
    expect(take(2)).toEqual([true, false]);
    now += 60_000;
    expect(take(3)).toEqual([true, true, false]);
  });
});
