import { isArray, isObject, type Json } from "../data/scope";

/** One item of a Map state, and for a pair of an object its key (docs: input-output-contextobject, `Map.Item`). */
export interface MapItem {
  readonly value: Json;
  readonly key?: string;
}

/**
 * The items of an array, or the pairs of an object (docs: input-output-itemspath); `undefined` for anything else.
 */
export function itemsOf(value: Json): readonly MapItem[] | undefined {
  if (isArray(value)) return value.map((item) => ({ value: item }));
  if (isObject(value)) return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  return undefined;
}

/** What a child receives when there is no ItemSelector: the item, or the pair of an object. */
export function itemInput(item: MapItem): Json {
  return item.key === undefined ? item.value : { Key: item.key, Value: item.value };
}
