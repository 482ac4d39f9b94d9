/**
 * Keeps calls below a quota that refills: as many at once as `burst`, then `perSecond`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-api-action-throttling-general
 */
export class Pace {
  #tokens: number;
  #at = performance.now();

  constructor(
    private readonly perSecond: number,
    private readonly burst: number,
  ) {
    this.#tokens = burst;
  }

  /** Settles when the next call may be made. */
  async turn(): Promise<void> {
    const now = performance.now();
    this.#tokens = Math.min(this.burst, this.#tokens + ((now - this.#at) / 1000) * this.perSecond) - 1;
    this.#at = now;
    if (this.#tokens < 0) {
      await new Promise((resolve) => setTimeout(resolve, (-this.#tokens / this.perSecond) * 1000));
    }
  }
}
