import { printJson } from "../data/json-text";
import { evaluateJsonata } from "../data/jsonata";
import { evaluateNumberField, type NumberField } from "../data/number-field";
import { readPath } from "../data/path";
import { evaluatePayload, type FieldData } from "../data/payload";
import { isArray, isObject, type Json, QueryError } from "../data/scope";
import type { DistributedMap, MapState } from "../definition/definition";
import { batchItems, evaluateItemBatcher } from "../map-run/item-batcher";
import { selectItem } from "../map-run/item-selector";
import { itemsOf, type MapItem } from "../map-run/map-items";
import { asMapRunError, MapRunError } from "../map-run/map-run-error";
import { readItems } from "../map-run/read-items";
import { checkToleratedFailures } from "../map-run/tolerated-failures";
import { type Done, effectiveInput, finishWith } from "./data-flow";
import { runForks } from "./run-forks";
import type { MapRunHandle, MapRunOptions } from "./scope";
import { StateFailure, TaskError } from "./state-failure";
import type { Step } from "./step";

/** docs: service-quotas, "up to 40 concurrent iterations" of an inline Map. */
const INLINE_CONCURRENCY = 40;

/** docs: state-map */
export async function runMap(step: Step, state: MapState): Promise<Done> {
  const data = step.data(effectiveInput(step));
  const { distributed, next } = state;
  const output =
    distributed === undefined
      ? await runInline(step, state, data)
      : await runDistributed(step, state, distributed, data);
  const lastId = step.host.lastEventId;
  step.add("MapStateSucceeded");
  const done = await finishWith(step, output, next);
  // What follows a Map follows the end of its last iteration or of its Map run, as recorded.
  step.host.lastEventId = lastId;
  return done;
}

async function runInline(step: Step, state: MapState, data: FieldData): Promise<Json> {
  const { processor, itemSelector, name, maxConcurrency } = state;
  const items = await inputItems(step, state, data);
  const startedId = step.resumes ? step.host.lastEventId : step.add("MapStateStarted", { length: items.length });
  const most = (await limitOf(maxConcurrency, data)) || INLINE_CONCURRENCY;
  const { history } = step.host.execution;
  return runForks(
    step,
    items.length,
    Math.min(most, INLINE_CONCURRENCY),
    async (index) => {
      const item = items[index] ?? { value: null };
      const input = await selectItem(itemSelector, data, item, index);
      const about = item.key === undefined ? {} : { Key: item.key };
      const context = { Map: { Item: { Index: index, ...about, Value: item.value } } };
      return step.host.fork({
        workflow: processor,
        input,
        context,
        onAborted: (failedId) => void history.add("MapIterationAborted", failedId, { index, name }),
      });
    },
    {
      // An iteration that waited for another follows the last event inside of that one, as recorded.
      started: (index, before) => history.add("MapIterationStarted", before?.lastEventId ?? startedId, { index, name }),
      succeeded: (index, fork) => {
        step.host.lastEventId = history.add("MapIterationSucceeded", fork.lastEventId, { index, name });
      },
      failed: (index, fork) => void history.add("MapIterationFailed", fork.lastEventId, { index, name }),
    },
  );
}

/** The items that are in the input itself. */
async function inputItems(step: Step, state: MapState, data: FieldData): Promise<readonly MapItem[]> {
  const { items, distributed } = state;
  if (items.language === "JSONPath") {
    const value = readPath(items.path, data.input, data.scope);
    // Only a distributed Map takes the pairs of an object (docs: input-output-itemspath).
    const found = distributed !== undefined || isArray(value) ? itemsOf(value) : undefined;
    if (found !== undefined) return found;
    throw step.failure("States.Runtime", `Reference path "${items.path.text}" must point to array.`);
  }
  const { template } = items;
  const value =
    template === undefined ? data.states.input : await evaluateJsonata(template, data.states, data.scope.variables);
  const found = isArray(value) || (distributed !== undefined && isObject(value)) ? itemsOf(value) : undefined;
  if (found !== undefined) return found;
  const what = `Map state input must be an array but was: ${printJson(value)}`;
  throw new QueryError("States.QueryEvaluationError", what, "Items");
}

async function runDistributed(step: Step, state: MapState, map: DistributedMap, data: FieldData): Promise<Json> {
  const run = await mapRunOf(step, state, map, data);
  const again = step.resumes;
  const details = again ? { mapRunArn: run.arn, redriveCount: run.redriveCount } : { mapRunArn: run.arn };
  step.add(again ? "MapRunRedriven" : "MapRunStarted", details);
  try {
    const output = await run.run(step.host.signal);
    step.add("MapRunSucceeded");
    return output;
  } catch (thrown) {
    if (step.host.signal.aborted) {
      step.add("MapRunAborted");
      step.add("MapStateAborted");
    }
    if (!(thrown instanceof MapRunError || thrown instanceof TaskError)) throw thrown;
    step.add("MapRunFailed", { error: thrown.error, cause: thrown.message });
    throw new StateFailure(thrown.error, thrown.message, thrown.error === "States.Runtime");
  }
}

async function mapRunOf(step: Step, state: MapState, map: DistributedMap, data: FieldData): Promise<MapRunHandle> {
  if (step.resumes && step.mapRun !== undefined) return step.mapRun;
  const items = map.reader === undefined ? await inputItems(step, state, data) : undefined;
  step.add("MapStateStarted", { length: items?.length ?? 0 });
  const options = await prepare(step, state, map, data, items).catch((thrown: unknown) => {
    throw thrown instanceof MapRunError ? new StateFailure(thrown.error, thrown.message, true) : thrown;
  });
  step.mapRun = step.host.execution.startMapRun(options);
  return step.mapRun;
}

async function prepare(
  step: Step,
  state: MapState,
  map: DistributedMap,
  data: FieldData,
  given: readonly MapItem[] | undefined,
): Promise<MapRunOptions> {
  const limits = {
    maxConcurrency: (await limitOf(state.maxConcurrency, data)) ?? 0,
    toleratedFailurePercentage: await limitOf(map.toleratedFailurePercentage, data),
    toleratedFailureCount: await limitOf(map.toleratedFailureCount, data),
  };
  checkToleratedFailures({ percentage: limits.toleratedFailurePercentage, count: limits.toleratedFailureCount });
  const { reader, writer } = map;
  const target = writer.target === undefined ? undefined : await evaluatePayload(writer.target, data);
  const batcher = map.batcher === undefined ? undefined : await evaluateItemBatcher(map.batcher, data);
  let items: Iterable<MapItem> | AsyncIterable<MapItem> = given ?? [];
  if (reader !== undefined) {
    const parameters = await evaluatePayload(reader.parameters, data);
    items = readItems(
      reader.source,
      parameters,
      await limitOf(reader.maxItems, data),
      step.host.execution.ports.objects,
    );
  }
  const inputs = selectAll(state, data, items);
  return {
    map,
    processor: state.processor,
    limits,
    target,
    batches: batcher === undefined ? singly(inputs) : batchItems(inputs, batcher),
  };
}

/** A path that leads to no number ends the state at once, in words that do not name the state. */
async function limitOf(field: NumberField, data: FieldData): Promise<number | undefined> {
  try {
    return await evaluateNumberField(field, data);
  } catch (thrown) {
    if (thrown instanceof QueryError && field.kind === "path") throw new StateFailure(thrown.error, thrown.message);
    throw thrown;
  }
}

async function* selectAll(
  state: MapState,
  data: FieldData,
  items: Iterable<MapItem> | AsyncIterable<MapItem>,
): AsyncGenerator<Json> {
  let index = 0;
  for await (const item of items) {
    try {
      yield await selectItem(state.itemSelector, data, item, index++);
    } catch (thrown) {
      throw asMapRunError("States.ItemReaderFailed", thrown);
    }
  }
}

async function* singly(inputs: AsyncIterable<Json>): AsyncGenerator<{ readonly input: Json; readonly items: number }> {
  for await (const input of inputs) yield { input, items: 1 };
}
