import { evaluateJsonata } from "../data/jsonata";
import { writeResult } from "../data/result-path";
import type { Json, JsonObject } from "../data/scope";
import type { Catcher, Retrier, State } from "../definition/definition";
import { type Done, evaluateAssign } from "./data-flow";
import { matchesError, type StateFailure } from "./state-failure";
import type { Step } from "./step";

/** The retries and catchers of one visit of a state. Each retrier counts its own (docs: concepts-error-handling). */
export class Recovery {
  private readonly attempts = new Map<Retrier, number>();

  constructor(private readonly state: State) {}

  /** Milliseconds to wait before the next try; `undefined` when there is none. */
  delay(failure: StateFailure, random: () => number): number | undefined {
    const retrier = this.find("retriers" in this.state ? this.state.retriers : [], failure);
    if (retrier === undefined) return undefined;
    const attempts = this.attempts.get(retrier) ?? 0;
    if (attempts >= retrier.maxAttempts) return undefined;
    this.attempts.set(retrier, attempts + 1);
    const seconds = Math.min(retrier.intervalSeconds * retrier.backoffRate ** attempts, retrier.maxDelaySeconds);
    return seconds * 1_000 * (retrier.fullJitter ? random() : 1);
  }

  catcher(failure: StateFailure): Catcher | undefined {
    return this.find("catchers" in this.state ? this.state.catchers : [], failure);
  }

  private find<T extends { readonly errors: readonly string[] }>(
    all: readonly T[],
    failure: StateFailure,
  ): T | undefined {
    return all.find(({ errors }) => matchesError(errors, failure));
  }
}

/** Where a caught failure leads, and with what. */
export async function catchFailure(step: Step, catcher: Catcher, failure: StateFailure): Promise<Done> {
  const errorOutput: JsonObject = { Error: failure.error ?? "", Cause: failure.cause ?? "" };
  const { next, assign } = catcher;
  if (step.state.flow.language === "JSONata") {
    const data = step.data(step.input, { errorOutput });
    const output: Json =
      catcher.output === undefined
        ? errorOutput
        : await evaluateJsonata(catcher.output, data.states, data.scope.variables);
    return { output, assigned: await evaluateAssign(assign, data), next };
  }
  const assigned = await evaluateAssign(assign, step.data(errorOutput));
  return { output: writeResult(catcher.resultPath, step.input, errorOutput), assigned, next };
}
