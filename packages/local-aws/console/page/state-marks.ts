import type { Visit } from "../wire";

/** What an execution has done with a state. */
export interface StateMark {
  readonly how: Visit["how"];
  /** How often it was entered. */
  readonly visits: number;
  /** Attempts beyond the first, of all visits. */
  readonly retries: number;
}

/** By the names of states: what the drawing of a machine shows of an execution. A state that runs anywhere is lit. */
export function stateMarks(visits: readonly Visit[]): ReadonlyMap<string, StateMark> {
  const marks = new Map<string, StateMark>();
  for (const { state, how, attempts } of visits) {
    const known = marks.get(state);
    marks.set(state, {
      how: known?.how === "running" ? "running" : how,
      visits: (known?.visits ?? 0) + 1,
      retries: (known?.retries ?? 0) + Math.max(0, attempts.length - 1),
    });
  }
  return marks;
}

/** The arrows that were taken, as `from to`: a state was entered when another one on its level was just left. */
export function takenEdges(visits: readonly Visit[]): ReadonlySet<string> {
  const taken = new Set<string>();
  const last = new Map<number, Visit>();
  for (const visit of visits) {
    const before = last.get(visit.depth);
    if (before !== undefined) taken.add(`${before.state} ${visit.state}`);
    last.set(visit.depth, visit);
    for (const depth of [...last.keys()]) if (depth > visit.depth) last.delete(depth);
  }
  return taken;
}
