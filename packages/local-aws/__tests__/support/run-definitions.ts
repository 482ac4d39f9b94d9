/**
 * Runs definitions, each with its input, and prints by name how they ended. Takes the path of a JSON file of
 * them. A Task answers with its own payload, or fails with the payload's `fail` as the name of the error.
 */
import { readFile } from "node:fs/promises";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../json";
import { Execution } from "../../step-functions/execution";
import { guardDefinition } from "../../step-functions/guard";
import { TaskError } from "../../step-functions/task-error";

async function outcomeOf(definition: JsonObject, input: Json): Promise<object> {
  guardDefinition(definition, "m");
  const execution = new Execution({
    definition,
    input: JSON.stringify(input),
    arn: "arn:aws:states:eu-central-1:111111111111:execution:m:e",
    name: "e",
    roleArn: "r",
    region: "eu-central-1",
    context: { Execution: { Name: "e" }, StateMachine: { Name: "m" } },
    runTask,
    log: () => {},
  });
  await execution.done;
  const { outcome } = execution;
  return outcome?.status === "SUCCEEDED" ? { output: JSON.parse(outcome.output) } : { ...outcome };
}

async function runTask(parameters: Json): Promise<string> {
  const payload = isJsonObject(parameters) ? (parameters.Payload ?? {}) : {};
  if (isJsonObject(payload) && typeof payload.fail === "string") throw new TaskError(payload.fail, "why");
  return JSON.stringify({ Payload: payload });
}

async function main(): Promise<void> {
  const trials = Object.entries(JSON.parse(await readFile(process.argv[2] ?? "", "utf8")));
  const outcomes = trials.map(async ([name, trial]) => {
    const { definition, input } = parseTrial(parseJson(JSON.stringify(trial)));
    return [name, await outcomeOf(definition, input)] as const;
  });
  console.log(JSON.stringify(Object.fromEntries(await Promise.all(outcomes))));
}

function parseTrial(trial: Json): { definition: JsonObject; input: Json } {
  if (!isJsonObject(trial) || !isJsonObject(trial.definition)) throw new Error("expected a definition");
  return { definition: trial.definition, input: trial.input ?? null };
}

main().then(
  // When all is written: a pipe may not have taken it yet.
  () => process.stdout.write("", () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
