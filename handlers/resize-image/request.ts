import type { Config, RenditionPreset } from "./config";
import { Refusal } from "./errors";
import { describe, parseObjectKey } from "./object-key";

/** A request in either form, checked: what to read, and what to make of it. */
export interface ResizeRequest {
  readonly key: string;
  /** The presets asked for, first to last. */
  readonly renditions: readonly NamedPreset[];
  /** Make only those that are not there, or of another source or preset. */
  readonly onlyMissing: boolean;
  /** The source's ETag where the caller knows it, which may be an older one by now. */
  readonly etag?: string;
  /** Make them and write none. */
  readonly dryRun: boolean;
  /** It is about a source that is said to be deleted, so its renditions are to go, and not to be made. */
  readonly deleted: boolean;
}

/** A preset with the name it was asked for by. */
export interface NamedPreset {
  readonly name: string;
  readonly preset: RenditionPreset;
}

const EXPLICIT_FORM = ["bucket", "fileName", "resizedBucket"];
const SHORT_FORM = ["key"];
// Of a backfill. Only where the function may see which renditions are there.
const MISSING_FIELDS = ["onlyMissing", "etag", "dryRun"];
const MAX_RENDITIONS = 10; // Each is encoded and held in memory at once; more is better asked for in two requests.

/**
 * Reads `{"bucket","fileName","resizedBucket"}` or `{"key"}`, each with an optional `"renditions"`; in an environment with
 * a backfill also with `"onlyMissing"`, and beside it `"etag"`, and with `"dryRun"`, which asks for what is missing as well;
 * where renditions are deleted, the first form also with `"deleted": true`.
 * @throws Refusal InvalidRequest, BucketNotAllowed, UnknownRendition
 */
export function parseRequest(event: unknown, config: Config): ResizeRequest {
  if (typeof event !== "object" || event === null || Array.isArray(event)) {
    throw invalid(`Expected a JSON object with {${EXPLICIT_FORM}} or {${SHORT_FORM}} but received ${describe(event)}`);
  }
  const fields = new Map<string, unknown>(Object.entries(event));
  const form = fields.has("key") ? SHORT_FORM : EXPLICIT_FORM;
  const optional = [
    "renditions",
    ...(config.readsRenditions ? MISSING_FIELDS : []),
    ...(config.deletesRenditions && form === EXPLICIT_FORM ? ["deleted"] : []),
  ];
  const unknown = [...fields.keys()].filter((name) => ![...form, ...optional].includes(name));
  const missing = form.filter((name) => !fields.has(name));
  if (unknown.length > 0 || missing.length > 0) {
    throw invalid(
      `Expected the fields {${EXPLICIT_FORM}} or {${SHORT_FORM}}, and optionally ${optional.join(", ")}, ` +
        `but received ${fields.size > 0 ? describe([...fields.keys()]) : "no fields"}`,
    );
  }
  if (form === SHORT_FORM) {
    return {
      key: parseObjectKey("key", fields.get("key")),
      renditions: parseRenditions(fields, "thumb", config),
      ...parseMissing(fields),
      deleted: false,
    };
  }
  checkBucket("bucket", fields.get("bucket"), config.originalBucket);
  checkBucket("resizedBucket", fields.get("resizedBucket"), config.resizedBucket);
  return {
    key: parseObjectKey("fileName", fields.get("fileName")),
    renditions: parseRenditions(fields, "thumbnail", config),
    ...parseMissing(fields),
    deleted: parseDeleted(fields),
  };
}

// The policy of the role would refuse another bucket too; saying it here names the field and the reason.
function checkBucket(field: string, value: unknown, own: string): void {
  if (typeof value !== "string") throw invalid(`Expected a bucket name for ${field} but received ${describe(value)}`);
  if (value !== own) {
    throw new Refusal("BucketNotAllowed", `Expected ${own} for ${field} but received ${describe(value)}`);
  }
}

function parseRenditions(fields: Map<string, unknown>, byDefault: string, config: Config): NamedPreset[] {
  const names = fields.has("renditions") ? fields.get("renditions") : [byDefault];
  if (!Array.isArray(names) || names.length === 0 || names.length > MAX_RENDITIONS) {
    throw invalid(`Expected 1 to ${MAX_RENDITIONS} names for renditions but received ${describe(names)}`);
  }
  if (new Set(names).size < names.length) {
    throw invalid(`Expected each name once for renditions but received ${describe(names)}`);
  }
  return names.map((name: unknown) => {
    if (typeof name !== "string") throw invalid(`Expected names for renditions but received ${describe(name)}`);
    const preset = config.presets.get(name);
    if (preset) return { name, preset };
    const known = [...config.presets.keys()].join(", ");
    throw new Refusal("UnknownRendition", `Expected one of ${known} for renditions but received ${describe(name)}`);
  });
}

// As a header or a list has it, in quotes or without: https://www.rfc-editor.org/rfc/rfc9110#name-etag
const ETAG = /^(?:(?:W\/)?"[\x21\x23-\x7e]{1,128}"|[\x21\x23-\x7e]{1,128})$/;

function parseMissing(fields: Map<string, unknown>): Pick<ResizeRequest, "onlyMissing" | "etag" | "dryRun"> {
  const dryRun = parseFlag("dryRun", fields);
  const onlyMissing = parseFlag("onlyMissing", fields) || dryRun;
  if (!fields.has("etag")) return { onlyMissing, dryRun };
  const etag = fields.get("etag");
  if (!onlyMissing) throw invalid(`Expected onlyMissing or dryRun beside etag but received ${describe(etag)} alone`);
  if (typeof etag !== "string" || !ETAG.test(etag)) {
    throw invalid(`Expected an ETag of up to 128 characters for etag but received ${describe(etag)}`);
  }
  return { onlyMissing, etag, dryRun };
}

/** Stands alone: all renditions go. */
function parseDeleted(fields: Map<string, unknown>): boolean {
  if (!fields.has("deleted")) return false;
  const others = [...fields.keys()].filter((name) => ![...EXPLICIT_FORM, "deleted"].includes(name));
  if (others.length > 0) throw invalid(`Expected nothing beside deleted but received ${describe(others)}`);
  if (fields.get("deleted") === true) return true;
  throw invalid(`Expected true for deleted but received ${describe(fields.get("deleted"))}`);
}

function parseFlag(name: string, fields: Map<string, unknown>): boolean {
  const value = fields.has(name) ? fields.get(name) : false;
  if (typeof value !== "boolean") throw invalid(`Expected true or false for ${name} but received ${describe(value)}`);
  return value;
}

function invalid(message: string): Refusal {
  return new Refusal("InvalidRequest", message);
}
