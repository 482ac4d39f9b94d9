import { resourcesOfType, type StackRule } from "./stack-policy";

/** Every machine and each of its Tasks has a timeout: without one Step Functions waits for up to a year. */
export const taskTimeouts: StackRule = (resources) =>
  resourcesOfType(resources, "aws_sfn_state_machine").flatMap(({ address, attributes }) => {
    const definition: unknown = JSON.parse(String(attributes.definition));
    return [
      ...(hasTimeout(definition) ? [] : [`${address}: expected TimeoutSeconds on the machine but found none`]),
      ...tasksOf(definition)
        .filter(([, task]) => !hasTimeout(task))
        .map(([name]) => `${address}: expected TimeoutSeconds on the Task ${name} but found none`),
    ];
  });

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

const hasTimeout = (value: unknown): boolean =>
  isObject(value) && (value.TimeoutSeconds !== undefined || value.TimeoutSecondsPath !== undefined);

/** The Tasks of a definition at any depth, for Map and Parallel hold machines of their own. */
function tasksOf(value: unknown): [string, unknown][] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => [
    ...(isObject(child) && child.Type === "Task" ? [[name, child] satisfies [string, unknown]] : []),
    ...tasksOf(child),
  ]);
}
