import type { Json } from "../data/scope";
import { MAX_DATA_BYTES } from "../limits";
import { dataLimitCause, StateFailure } from "./state-failure";

/** The results in the order of their items, until they are more than a state may give. */
export class CollectedOutput {
  #entries: (readonly Json[])[] = [];
  #bytes = 2;

  add(index: number, entries: readonly Json[]): void {
    if (this.#bytes > MAX_DATA_BYTES) return;
    this.#bytes += Buffer.byteLength(JSON.stringify(entries)) - 1;
    this.#entries[index] = entries;
    if (this.#bytes > MAX_DATA_BYTES) this.#entries = [];
  }

  whole(): Json {
    if (this.#bytes > MAX_DATA_BYTES + 1) {
      throw new StateFailure("States.DataLimitExceeded", dataLimitCause("Map"), true);
    }
    return this.#entries.flat();
  }
}
