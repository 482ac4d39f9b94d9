import { AsyncLocalStorage } from "node:async_hooks";
import type { Principal } from "@image-pipeline/iam-policy";
import type { Asked } from "./authorizer";

/** A decision as it is remembered. */
export interface RememberedDecision {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly asked: Asked;
}

/** The decisions that belong together, and how many more there were. */
export interface Decisions {
  readonly kept: readonly RememberedDecision[];
  readonly forgotten: number;
}

const KEPT_EXECUTIONS = 1_000;

/** A picture takes about ten; the children of a Map run ask as their parent, and there may be a million of them. */
const KEPT_OF_ONE = 200;

/** What one chain of calls is about: an execution, or what led to one that is not there yet. */
interface Errand {
  readonly execution: string | undefined;
  readonly before: RememberedDecision[];
}

/**
 * Remembers what IAM was asked, and for which execution: whatever an execution does runs in its chain of calls, and the
 * requests of a function come under the keys of a sandbox, which serves one invocation at a time.
 */
export class DecisionTrail {
  readonly #errands = new AsyncLocalStorage<Errand>();
  readonly #served = new WeakMap<Principal, string>();
  readonly #byExecution = new Map<string, Kept>();
  readonly #others = new Kept();

  /** The ARN of the execution that what runs now is part of. */
  get execution(): string | undefined {
    return this.#errands.getStore()?.execution;
  }

  /** Runs what may start an execution: what was decided before then belongs to it. */
  begin<Result>(work: () => Result): Result {
    return this.#errands.run({ execution: undefined, before: [] }, work);
  }

  /** Runs what an execution does. */
  within<Result>(execution: string, work: () => Result): Result {
    for (const decision of this.#errands.getStore()?.before.splice(0) ?? []) {
      this.#others.remove(decision);
      this.#of(execution).add(decision);
    }
    return this.#errands.run({ execution, before: [] }, work);
  }

  /** From now on, whoever has this session's keys works for the execution; for none in particular without one. */
  serves(session: Principal, execution: string | undefined): void {
    if (execution === undefined) this.#served.delete(session);
    else this.#served.set(session, execution);
  }

  remember(asked: Asked): void {
    const decision = { at: Date.now(), asked };
    const errand = this.#errands.getStore();
    const execution = this.#served.get(asked.principal) ?? errand?.execution;
    (execution === undefined ? this.#others : this.#of(execution)).add(decision);
    if (execution === undefined) errand?.before.push(decision);
  }

  /** The decisions for one execution, the oldest first; for those of none without an ARN. */
  decisions(execution?: string): Decisions {
    const { all, forgotten } = (execution === undefined ? this.#others : this.#byExecution.get(execution)) ?? NONE;
    return { kept: [...all], forgotten };
  }

  #of(execution: string): Kept {
    const known = this.#byExecution.get(execution);
    if (known !== undefined) return known;
    const [oldest] = this.#byExecution.keys();
    if (oldest !== undefined && this.#byExecution.size >= KEPT_EXECUTIONS) this.#byExecution.delete(oldest);
    const kept = new Kept();
    this.#byExecution.set(execution, kept);
    return kept;
  }
}

/** The last decisions; a denial is never pushed out by what is allowed. */
class Kept {
  readonly all: RememberedDecision[] = [];
  forgotten = 0;

  add(decision: RememberedDecision): void {
    this.all.push(decision);
    if (this.all.length <= KEPT_OF_ONE) return;
    const allowed = this.all.findIndex(({ asked }) => asked.decision.allowed);
    this.all.splice(Math.max(allowed, 0), 1);
    this.forgotten += 1;
  }

  remove(decision: RememberedDecision): void {
    const index = this.all.lastIndexOf(decision);
    if (index >= 0) this.all.splice(index, 1);
  }
}

const NONE = new Kept();
