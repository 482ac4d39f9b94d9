import type { Json, JsonObject } from "../data/scope";
import type { Workflow } from "../definition/definition";

/** One branch of a Parallel or one iteration of an inline Map. */
export interface Fork {
  /** The id of the last event of its chain. */
  readonly lastEventId: number;
  /** What it gave; `undefined` until it has ended well. */
  readonly output: Json | undefined;
  /** Runs it, or goes on where it failed, after an event. */
  run(previousEventId: number): Promise<Json>;
  /** Writes what AWS leaves behind of the state it failed in itself: of a task that nothing more is done. */
  leave(failedId: number): void;
  /** Ends it because a sibling failed, whose last event all that tells of this follows. */
  abort(failedId: number): void;
  /** Ends it because the whole execution is over, which has an event of its own. */
  end(): void;
}

/** What a branch begins with beside the variables and the context of the state that holds it. */
export interface ForkOptions {
  readonly workflow: Workflow;
  readonly input: Json;
  /** Added to the context object: `Map` for iterations. */
  readonly context?: JsonObject;
  /** Called before the events of what is inside when a sibling failed. */
  readonly onAborted?: (failedId: number) => void;
}
