import { isShallow, MAX_DEPTH } from "../data/json-text";
import { type Json, type JsonObject, QueryError } from "../data/scope";
import type { State, Workflow } from "../definition/definition";
import { MAX_DATA_BYTES } from "../limits";
import type { Assigned, Done } from "./data-flow";
import type { Fork, ForkOptions } from "./fork";
import { textDetails } from "./history";
import { catchFailure, Recovery } from "./recovery";
import { runMap } from "./run-map";
import { runParallel } from "./run-parallel";
import { runChoice, runFail, runPass, runSucceed, runWait } from "./run-simple";
import { runTask } from "./run-task";
import type { ExecutionScope } from "./scope";
import { Aborted, dataLimitCause, endsExecution, StateFailure } from "./state-failure";
import { Step, type StepHost } from "./step";

/** What a run of a workflow begins with. */
export interface WorkflowRunOptions {
  readonly execution: ExecutionScope;
  readonly input: Json;
  readonly context: JsonObject;
  readonly variables: Assigned;
  /** The input as it came: the first state has entered with the same text, spaces included. */
  readonly inputText?: string;
  readonly onAborted?: ForkOptions["onAborted"];
}

/**
 * One run of the states of a machine, a branch or an iteration, from one state to the next. It remembers where it
 * failed, so that a redrive goes on there.
 */
export class WorkflowRun implements Fork, StepHost {
  readonly execution: ExecutionScope;
  readonly context: JsonObject;
  lastEventId = 0;
  variables: Assigned;
  output: Json | undefined;
  #position: { readonly state: string; readonly input: Json };
  #step: Step | undefined;
  /** What the last state gave, as it stands in the history: the next one takes the same. */
  #given: { readonly value: Json; readonly text: string } | undefined;
  #abort = new AbortController();
  readonly #inputText: string | undefined;
  readonly #onAborted: ForkOptions["onAborted"];

  constructor(
    private readonly workflow: Workflow,
    { execution, input, context, variables, inputText, onAborted }: WorkflowRunOptions,
  ) {
    this.execution = execution;
    this.context = context;
    this.variables = variables;
    this.#position = { state: workflow.startAt, input };
    this.#inputText = inputText;
    this.#onAborted = onAborted;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async run(previousEventId: number): Promise<Json> {
    this.lastEventId = previousEventId;
    if (this.signal.aborted) this.#abort = new AbortController();
    for (;;) {
      const { output, next } = await this.#visit(this.#stateAt(this.#position.state));
      this.#step = undefined;
      if (next === undefined) {
        this.output = output;
        return output;
      }
      this.#position = { state: next, input: output };
    }
  }

  fork({ workflow, input, context, ...more }: ForkOptions): Fork {
    const { execution, variables } = this;
    return new WorkflowRun(workflow, {
      execution,
      input,
      variables,
      context: { ...this.context, ...context },
      ...more,
    });
  }

  leave(failedId: number): void {
    if (this.#step?.state.type === "Task") this.execution.history.add("TaskStateAborted", failedId);
  }

  abort(failedId: number): void {
    if (this.signal.aborted || this.output !== undefined) return;
    const step = this.#step;
    this.#onAborted?.(failedId);
    this.#abort.abort();
    // A Map run writes its own end.
    if (step !== undefined && step.mapRun === undefined) {
      this.execution.history.add(`${step.state.type}StateAborted`, failedId);
    }
    for (const fork of step?.forks ?? []) fork?.abort(failedId);
  }

  end(): void {
    for (const fork of this.#step?.forks ?? []) fork?.end();
    this.#abort.abort();
  }

  #stateAt(name: string): State {
    const state = this.workflow.states.get(name);
    if (state === undefined) throw new RangeError(`There is no state ${name}`);
    return state;
  }

  async #visit(state: State): Promise<Done> {
    const step = this.#step ?? this.#enter(state);
    step.resumes = this.#step !== undefined;
    this.#step = step;
    const recovery = new Recovery(state);
    for (;;) {
      try {
        return this.#exit(step, await work(step));
      } catch (thrown) {
        if (this.signal.aborted) throw new Aborted();
        const failure = this.#failureOf(step, thrown);
        const { clock, random } = this.execution.ports;
        const delay = recovery.delay(failure, random);
        if (delay === undefined) return await this.#giveUp(step, failure, recovery);
        await clock.wait(delay, this.signal);
        if (this.signal.aborted) throw new Aborted();
        step.retry();
      }
    }
  }

  #enter(state: State): Step {
    const { input } = this.#position;
    const first = this.#given === undefined ? this.#inputText : undefined;
    const text = first ?? (this.#given?.value === input ? this.#given.text : JSON.stringify(input));
    const type = `${state.type}StateEntered`;
    this.lastEventId = this.execution.history.add(type, this.lastEventId, {
      name: state.name,
      ...textDetails("input", text),
    });
    return new Step(state, input, this, this.lastEventId);
  }

  async #giveUp(step: Step, failure: StateFailure, recovery: Recovery): Promise<Done> {
    const { lastEventId } = this;
    this.#tellFailed(step, failure);
    const catcher = recovery.catcher(failure);
    if (catcher === undefined) throw failure;
    try {
      return this.#exit(step, await catchFailure(step, catcher, failure));
    } catch (thrown) {
      // The failure of a catcher follows what led to it, not the event that tells of the first failure, as recorded.
      if (thrown instanceof QueryError && thrown.location !== undefined) this.lastEventId = lastEventId;
      const second = this.#failureOf(step, thrown);
      this.#tellFailed(step, second);
      throw second;
    }
  }

  #tellFailed(step: Step, failure: StateFailure): void {
    const { type } = step.state;
    if ((type === "Parallel" || type === "Map") && !endsExecution(failure)) step.add(`${type}StateFailed`);
  }

  /** Writes the end of a visit, unless its output is more than the service takes. */
  #exit(step: Step, done: Done): Done {
    const { name, type } = step.state;
    if (!isShallow(done.output)) {
      throw step.failure("States.Runtime", `Expected JSON of at most ${MAX_DEPTH} levels but received deeper nesting`);
    }
    // A state that changes nothing gives what it was given.
    const text = this.#given?.value === done.output ? this.#given.text : JSON.stringify(done.output);
    this.#given = { value: done.output, text };
    if (Buffer.byteLength(text) > MAX_DATA_BYTES) {
      throw new StateFailure("States.DataLimitExceeded", dataLimitCause(name), true);
    }
    if (done.assigned !== undefined) this.variables = { ...this.variables, ...done.assigned };
    step.add(`${type}StateExited`, { name, ...textDetails("output", text), ...assignedDetails(done.assigned) });
    return done;
  }

  /** The failure that retriers and catchers see; the event that tells of a failed expression comes before. */
  #failureOf(step: Step, thrown: unknown): StateFailure {
    if (thrown instanceof StateFailure) return thrown;
    if (!(thrown instanceof QueryError)) throw thrown;
    const failure = step.failure(thrown.error, thrown.message);
    if (thrown.location !== undefined) {
      step.add("EvaluationFailed", {
        error: thrown.error,
        cause: failure.cause ?? "",
        location: thrown.location,
        state: step.state.name,
      });
    }
    return failure;
  }
}

function assignedDetails(assigned: Assigned | undefined): JsonObject {
  if (assigned === undefined || Object.keys(assigned).length === 0) return {};
  const texts = Object.entries(assigned).map(([name, value]): [string, Json] => [name, JSON.stringify(value)]);
  return { assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: { truncated: false } };
}

function work(step: Step): Promise<Done> {
  const { state } = step;
  switch (state.type) {
    case "Pass":
      return runPass(step, state);
    case "Task":
      return runTask(step, state);
    case "Choice":
      return runChoice(step, state);
    case "Wait":
      return runWait(step, state);
    case "Succeed":
      return runSucceed(step);
    case "Fail":
      return runFail(step, state);
    case "Parallel":
      return runParallel(step, state);
    case "Map":
      return runMap(step, state);
  }
}
