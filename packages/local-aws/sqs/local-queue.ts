import { randomUUID } from "node:crypto";
import type { Queue } from "../stack/stack-model";

/** A message as it waits. */
export interface QueuedMessage {
  readonly id: string;
  readonly body: string;
  /** Strings, by name. */
  readonly attributes: Readonly<Record<string, string>>;
  visibleAt: number;
  /** Of the last time it was received. */
  receipt: string | undefined;
}

/** A standard queue, in memory: a message that is received is hidden for a time, and comes back unless it is deleted. */
export class LocalQueue {
  readonly #messages = new Map<string, QueuedMessage>();

  constructor(
    readonly resource: Queue,
    readonly url: string,
  ) {}

  send(body: string, attributes: QueuedMessage["attributes"]): string {
    const id = randomUUID();
    this.#messages.set(id, { id, body, attributes, visibleAt: Date.now(), receipt: undefined });
    return id;
  }

  /** At most `most` messages, hidden for `hiddenSeconds` from now on. */
  receive(most: number, hiddenSeconds: number): readonly QueuedMessage[] {
    const now = Date.now();
    const received = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= now).slice(0, most);
    for (const message of received) {
      message.visibleAt = now + hiddenSeconds * 1000;
      message.receipt = randomUUID();
    }
    return received;
  }

  /** The message that a receipt is of; an older receipt of it is none any more. */
  ofReceipt(receipt: string): QueuedMessage | undefined {
    return [...this.#messages.values()].find((message) => message.receipt === receipt);
  }

  delete({ id }: QueuedMessage): void {
    this.#messages.delete(id);
  }

  /** How many can be received, and how many are hidden. */
  counts(): { readonly visible: number; readonly hidden: number } {
    const visible = [...this.#messages.values()].filter(({ visibleAt }) => visibleAt <= Date.now()).length;
    return { visible, hidden: this.#messages.size - visible };
  }
}
