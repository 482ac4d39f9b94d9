import { evaluatePayload, type FieldData, type Payload } from "../data/payload";
import { isObject, type Json } from "../data/scope";
import { itemInput, type MapItem } from "./map-items";

/** The state's data with `Map.Item` in its context object (docs: input-output-contextobject). */
export function dataOfItem(data: FieldData, item: MapItem, index: number): FieldData {
  const fields = isObject(data.scope.context) ? data.scope.context : {};
  const about =
    item.key === undefined ? { Index: index, Value: item.value } : { Index: index, Key: item.key, Value: item.value };
  const context = { ...fields, Map: { Item: about } };
  return { ...data, scope: { ...data.scope, context }, states: { ...data.states, context } };
}

/** What an item becomes before it is batched or given to a child (docs: input-output-itemselector). */
export async function selectItem(
  selector: Payload | undefined,
  data: FieldData,
  item: MapItem,
  index: number,
): Promise<Json> {
  return selector === undefined ? itemInput(item) : evaluatePayload(selector, dataOfItem(data, item, index));
}
