import type { Throttle } from "../stack/http-api-resource";

/**
 * The token bucket of a stage or route: `burstLimit` requests at once, refilled with `rateLimit` a second.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html
 */
export class TokenBucket {
  #tokens: number;
  #filledAt: number;

  constructor(
    private readonly throttle: Throttle,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#tokens = throttle.burstLimit;
    this.#filledAt = now();
  }

  /** Takes a token; false means 429. */
  take(): boolean {
    const now = this.now();
    const { rateLimit, burstLimit } = this.throttle;
    this.#tokens = Math.min(burstLimit, this.#tokens + ((now - this.#filledAt) / 1000) * rateLimit);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
