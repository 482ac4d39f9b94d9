import type { Language } from "../data/payload";
import type { Json } from "../data/scope";
import { MAX_SECONDS } from "../limits";
import type { Machine, State, Workflow } from "./definition";
import { DefinitionFault } from "./definition-fault";
import { Fields } from "./fields";
import { refuseHiddenVariables } from "./hidden-variables";
import { parseState } from "./parse-state";

const MAX_NAME = 80; // docs: concepts-states, "State names ... can be up to 80 characters"

const LANGUAGES = ["JSONPath", "JSONata"] as const;

/**
 * Reads a definition. Throws a `DefinitionFault` for what Step Functions refuses and for what this package does not
 * run, with the place.
 */
export function parseMachine(definition: Json): Machine {
  const fields = new Fields(definition, "");
  fields.only(["Comment", "QueryLanguage", "StartAt", "States", "TimeoutSeconds", "Version"]);
  fields.oneOf("Version", ["1.0"]);
  const language = fields.oneOf("QueryLanguage", LANGUAGES) ?? "JSONPath";
  const timeoutSeconds = fields.integer("TimeoutSeconds", 1, MAX_SECONDS);
  if (!fields.has("States") && !fields.has("StartAt")) fields.refuseAll("These fields are required: [States, StartAt]");
  const workflow = parseWorkflow(fields, language, new Set());
  refuseHiddenVariables(workflow, fields.location);
  return { ...workflow, timeoutSeconds };
}

/** Reads `StartAt` and `States`; `taken` holds the names of the states of the whole machine, which may not repeat. */
function parseWorkflow(fields: Fields, language: Language, taken: Set<string>): Workflow {
  const startAt = fields.requiredText("StartAt");
  const states = new Map<string, State>();
  const all = fields.child("States");
  for (const name of Object.keys(all.object)) {
    const location = `${all.location}/${name}`;
    if (name.length === 0 || name.length > MAX_NAME) {
      throw new DefinitionFault("SCHEMA_VALIDATION_FAILED", `Expected a name of 1 to ${MAX_NAME} characters`, location);
    }
    if (taken.has(name)) throw new DefinitionFault("DUPLICATE_STATE_NAME", `Duplicate State name: ${name}`, location);
    taken.add(name);
  }
  for (const [name, json] of Object.entries(all.object)) {
    const state = new Fields(json, `${all.location}/${name}`);
    const own = state.oneOf("QueryLanguage", LANGUAGES);
    if (language === "JSONata" && own === "JSONPath") {
      state.refuseAll("'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine");
    }
    states.set(name, parseState(name, state, own ?? language, { taken, language, parseWorkflow }));
  }
  if (!states.has(startAt)) {
    throw new DefinitionFault(
      "MISSING_TRANSITION_TARGET",
      `Missing 'Next' target: ${startAt}`,
      `${fields.location}/StartAt`,
    );
  }
  refuseLostTargets(states, all.location);
  // API_ValidateStateMachineDefinitionDiagnostic says it of the workflow; whether branches are asked too is not known.
  if (fields.location === "" && ![...states.values()].some(ends)) {
    throw new DefinitionFault("MISSING_END_STATE", "Workflow has no terminal state", undefined);
  }
  refuseUnreached(startAt, states, all.location);
  return { startAt, states };
}

function ends(state: State): boolean {
  return state.type === "Succeed" || state.type === "Fail" || ("next" in state && state.next === undefined);
}

/** Every transition has a target, and every state is one (docs: statemachine-structure). */
function refuseLostTargets(states: ReadonlyMap<string, State>, location: string): void {
  for (const [name, state] of states) {
    for (const { target, field } of transitions(state)) {
      if (!states.has(target)) {
        throw new DefinitionFault(
          "MISSING_TRANSITION_TARGET",
          `Missing 'Next' target: ${target}`,
          `${location}/${name}/${field}`,
        );
      }
    }
  }
}

function refuseUnreached(startAt: string, states: ReadonlyMap<string, State>, location: string): void {
  const reached = new Set([startAt]);
  // A Set grows while it is walked: what is reached later is visited, too.
  for (const name of reached) for (const { target } of transitions(states.get(name))) reached.add(target);
  for (const name of states.keys()) {
    if (!reached.has(name)) {
      throw new DefinitionFault(
        "MISSING_TRANSITION_TARGET",
        `State "${name}" is not reachable.`,
        `${location}/${name}`,
      );
    }
  }
}

interface Transition {
  readonly target: string;
  readonly field: string;
}

function transitions(state: State | undefined): readonly Transition[] {
  if (state === undefined) return [];
  const found: Transition[] = [];
  if ("next" in state && state.next !== undefined) found.push({ target: state.next, field: "Next" });
  if ("catchers" in state) {
    for (const [index, { next }] of state.catchers.entries()) {
      found.push({ target: next, field: `Catch[${index}]/Next` });
    }
  }
  if (state.type === "Choice") {
    for (const [index, { next }] of state.choices.entries()) {
      found.push({ target: next, field: `Choices[${index}]/Next` });
    }
    if (state.otherwise !== undefined) found.push({ target: state.otherwise, field: "Default" });
  }
  return found;
}
