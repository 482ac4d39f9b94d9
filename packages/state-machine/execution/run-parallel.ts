import type { ParallelState } from "../definition/definition";
import { type Done, effectiveInput, finishWith, payloadOf } from "./data-flow";
import type { Fork } from "./fork";
import { runForks } from "./run-forks";
import type { Step } from "./step";

/** docs: state-parallel */
export async function runParallel(step: Step, state: ParallelState): Promise<Done> {
  const { branches, flow, next } = state;
  const input = await payloadOf(flow, step.data(effectiveInput(step)));
  const startedId = step.resumes ? step.host.lastEventId : step.add("ParallelStateStarted");
  const branchOf = (index: number): Fork => {
    const workflow = branches[index];
    if (workflow === undefined) throw new RangeError(`There is no branch ${index}`);
    return step.host.fork({ workflow, input });
  };
  const outputs = await runForks(step, branches.length, branches.length, branchOf, {
    started: () => startedId,
    succeeded: (_index, fork) => {
      step.host.lastEventId = fork.lastEventId;
    },
    failed: () => {},
  });
  const lastId = step.host.lastEventId;
  step.add("ParallelStateSucceeded");
  const done = await finishWith(step, outputs, next);
  // What follows a Parallel follows the last event of its branches, as recorded.
  step.host.lastEventId = lastId;
  return done;
}
