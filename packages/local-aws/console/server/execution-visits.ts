import type { HistoryEvent } from "@image-pipeline/state-machine";
import { isJsonObject, type Json } from "../../json";
import type { Attempt, Visit } from "../wire";

interface OpenVisit {
  readonly state: string;
  readonly type: string;
  readonly depth: number;
  readonly parent: OpenVisit | undefined;
  readonly enteredAt: number;
  leftAt?: number;
  how: Visit["how"];
  readonly input: string;
  output?: string;
  readonly attempts: Attempt[];
}

/**
 * The stays in states that a history tells of, in the order they began. Branches and iterations run side by side: each
 * event says which one led to it, and so belongs to the same stay.
 */
export function visitsOf(events: readonly HistoryEvent[]): readonly Visit[] {
  const visits: OpenVisit[] = [];
  const byEvent = new Map<number, OpenVisit>();
  for (const event of events) {
    const led = byEvent.get(event.previousEventId);
    const visit = /StateEntered$/.test(event.type) ? enter(event, led) : led;
    if (visit === undefined) continue;
    if (visit !== led) visits.push(visit);
    byEvent.set(event.id, follow(visit, event));
  }
  const last = events.at(-1);
  if (last !== undefined) endOpen(visits, last);
  return visits.map(({ parent: _, ...visit }) => visit);
}

function enter(event: HistoryEvent, led: OpenVisit | undefined): OpenVisit {
  const { name, input } = detailsOf(event);
  // The state before it is over; what holds both is not.
  const parent = led?.leftAt === undefined ? led : led.parent;
  return {
    state: textOf(name),
    type: event.type.replace(/StateEntered$/, ""),
    depth: parent === undefined ? 0 : parent.depth + 1,
    parent,
    enteredAt: timeOf(event),
    how: "running",
    input: textOf(input),
    attempts: [],
  };
}

/** What an event says of a stay. Gives the stay that what comes next belongs to. */
function follow(visit: OpenVisit, event: HistoryEvent): OpenVisit {
  const { name, output, error, cause } = detailsOf(event);
  const at = timeOf(event);
  if (/StateExited$/.test(event.type)) {
    const left = enclosing(visit, (outer) => outer.state === textOf(name) && outer.leftAt === undefined);
    left.leftAt = at;
    left.how = "left";
    left.output = textOf(output);
    return left;
  }
  if (/^(Map|Parallel)(State|Iteration|Run)/.test(event.type)) {
    return enclosing(visit, ({ type }) => event.type.startsWith(type));
  }
  if (/^(Task|LambdaFunction)Scheduled$/.test(event.type)) {
    visit.how = "running";
    delete visit.leftAt;
    visit.attempts.push({ startedAt: at });
  }
  const [, ended] = /^(?:Task|LambdaFunction)(Succeeded|Failed|TimedOut)$/.exec(event.type) ?? [];
  const attempt = visit.attempts.at(-1);
  if (ended !== undefined && attempt !== undefined) {
    const failure = ended === "Succeeded" ? {} : { error: textOf(error), ...(cause && { cause: textOf(cause) }) };
    visit.attempts[visit.attempts.length - 1] = { ...attempt, endedAt: at, ...failure };
  }
  if (/StateAborted$/.test(event.type)) {
    visit.how = "aborted";
    visit.leftAt = at;
  }
  return visit;
}

function enclosing(visit: OpenVisit, is: (visit: OpenVisit) => boolean): OpenVisit {
  for (let outer: OpenVisit | undefined = visit; outer !== undefined; outer = outer.parent) if (is(outer)) return outer;
  return visit;
}

/** An execution that is over has no state that still runs. */
function endOpen(visits: readonly OpenVisit[], last: HistoryEvent): void {
  const [, end] = /^Execution(Succeeded|Failed|TimedOut|Aborted)$/.exec(last.type) ?? [];
  if (end === undefined) return;
  for (const visit of visits) {
    if (visit.leftAt !== undefined) continue;
    // A state that ends its machine by failing is never left.
    visit.leftAt = timeOf(last);
    visit.how = end === "Succeeded" ? "left" : end === "Aborted" ? "aborted" : "failed";
  }
}

function detailsOf(event: HistoryEvent): { readonly [field: string]: Json } {
  const found = Object.entries(event).find(([name]) => name.endsWith("EventDetails"))?.[1];
  return isJsonObject(found) ? found : {};
}

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const timeOf = ({ timestamp }: HistoryEvent): number => timestamp * 1000;
