import type { Payload } from "../data/payload";
import { isObject } from "../data/scope";
import type { State, Workflow } from "./definition";
import { DefinitionFault } from "./definition-fault";

/**
 * Refuses a variable that a branch or an iteration sets under the name of one that is set outside of it
 * (docs: workflow-variables, "Variable scope"). The children of a distributed Map see no variables of others.
 */
export function refuseHiddenVariables(
  { states }: Workflow,
  location: string,
  outside: ReadonlySet<string> = new Set(),
): void {
  const own = new Set<string>();
  for (const [name, state] of states) {
    for (const variable of variablesOf(state)) {
      if (outside.has(variable)) {
        const what = `The variable '${variable}' is assigned in an outer scope`;
        throw new DefinitionFault("SCHEMA_VALIDATION_FAILED", what, `${location}/States/${name}/Assign`);
      }
      own.add(variable);
    }
  }
  const seen = new Set([...outside, ...own]);
  for (const [name, state] of states) {
    const at = `${location}/States/${name}`;
    if (state.type === "Parallel") {
      for (const [index, branch] of state.branches.entries()) {
        refuseHiddenVariables(branch, `${at}/Branches[${index}]`, seen);
      }
    }
    if (state.type === "Map") {
      refuseHiddenVariables(state.processor, `${at}/ItemProcessor`, state.distributed === undefined ? seen : new Set());
    }
  }
}

function variablesOf(state: State): readonly string[] {
  const assigns = [state.assign];
  if ("catchers" in state) assigns.push(...state.catchers.map(({ assign }) => assign));
  if (state.type === "Choice") assigns.push(...state.choices.map(({ assign }) => assign));
  return assigns.flatMap(namesIn);
}

function namesIn(assign: Payload | undefined): readonly string[] {
  const template = assign?.template;
  if (template?.kind === "object") return template.fields.map(([name]) => name);
  return template?.kind === "constant" && isObject(template.value) ? Object.keys(template.value) : [];
}
