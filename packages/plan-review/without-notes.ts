import { isRecord } from "./value";

/** A synthesized stack without CDKTF's own notes, at the top and in each block, which Terraform does not read. */
export function withoutNotes(json: unknown): Readonly<Record<string, unknown>> {
  const { resource, data, ...others } = withoutNote(json);
  return {
    ...others,
    ...(resource !== undefined && { resource: inBlocks(resource) }),
    ...(data !== undefined && { data: inBlocks(data) }),
  };
}

/** Blocks stand below their type and their name. */
function inBlocks(types: unknown): Readonly<Record<string, unknown>> {
  return mapped(types, (named) => mapped(named, withoutNote));
}

// Only here: inside an attribute, such as the variables of a function, "//" is a name like any other.
function withoutNote(json: unknown): Readonly<Record<string, unknown>> {
  const { "//": _note, ...others } = isRecord(json) ? json : {};
  return others;
}

function mapped(json: unknown, change: (value: unknown) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(isRecord(json) ? json : {}).map(([name, value]) => [name, change(value)]));
}
