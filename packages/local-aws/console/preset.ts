/** A rendition's preset, as an environment has it and the function reads it. */
export interface Preset {
  readonly width: number;
  readonly height: number;
  readonly fit: "inside" | "cover";
  readonly position?: "centre" | "attention" | "entropy";
  readonly format: "source" | "jpeg" | "png" | "webp" | "avif" | "gif";
  readonly quality?: number;
  readonly background?: string;
  readonly animated?: boolean;
  readonly enlarge?: boolean;
}

export const FITS = ["inside", "cover"] as const;
export const POSITIONS = ["centre", "attention", "entropy"] as const;
export const FORMATS = ["source", "jpeg", "png", "webp", "avif", "gif"] as const;
export const MAX_SIDE = 4096;
export const MAX_QUALITY = 100;

/** One thing wrong with a preset. */
export interface PresetFault {
  readonly field: string;
  readonly message: string;
}

interface Field {
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  readonly optional?: true;
}

const whole = (most: number): Field => ({
  expected: `a whole number from 1 to ${most}`,
  accepts: (value) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most,
});
const oneOf = (values: readonly string[]): Field => ({
  expected: `one of ${values.join(", ")}`,
  accepts: (value) => typeof value === "string" && values.includes(value),
});
const yesOrNo: Field = { expected: "true or false", accepts: (value) => typeof value === "boolean" };

/** What the validator of environments says of each field. A test compares the two. */
const FIELDS: Readonly<Record<keyof Preset, Field>> = {
  width: whole(MAX_SIDE),
  height: whole(MAX_SIDE),
  fit: oneOf(FITS),
  format: oneOf(FORMATS),
  quality: { ...whole(MAX_QUALITY), optional: true },
  position: { ...oneOf(POSITIONS), optional: true },
  background: {
    expected: "a colour as #rrggbb",
    accepts: (value) => typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value),
    optional: true,
  },
  animated: { ...yesOrNo, optional: true },
  enlarge: { ...yesOrNo, optional: true },
};

const KNOWN = Object.keys(FIELDS);

/** All that is wrong with what should be a preset. */
export function presetFaults(value: unknown): readonly PresetFault[] {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return [{ field: "preset", message: `expected an object but received ${said(value)}` }];
  }
  const given = new Map<string, unknown>(Object.entries(value));
  const unknown = [...given.keys()].filter((name) => !KNOWN.includes(name));
  return [
    ...Object.entries(FIELDS)
      .filter(([name, { accepts, optional }]) => (given.has(name) ? !accepts(given.get(name)) : optional !== true))
      .map(([field, { expected }]) => ({
        field,
        message: `expected ${expected} but received ${said(given.get(field))}`,
      })),
    ...unknown.map((field) => ({
      field,
      message: `expected no field of this name (known: ${KNOWN.join(", ")}) but received ${said(given.get(field))}`,
    })),
  ];
}

/** Whether an environment could have it. */
export function isPreset(value: unknown): value is Preset {
  return presetFaults(value).length === 0;
}

/** What is wrong with a name, beside the names that an environment has already; undefined for a good one. */
export function nameFault(name: string, others: readonly string[]): string | undefined {
  if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
    return `expected a name of 1 to 32 lower-case letters, digits and hyphens but received ${said(name)}`;
  }
  // `thumb` of "large-a.jpg" and `thumb-large` of "a.jpg" would be written to one key.
  for (const other of others) {
    if (name.startsWith(`${other}-`)) {
      return `expected no name that is ${other} with a hyphen and more, for two renditions could share a key`;
    }
    if (other.startsWith(`${name}-`)) {
      return `expected no name of which ${other} is one with a hyphen and more, for two renditions could share a key`;
    }
  }
  return undefined;
}

const said = (value: unknown): string =>
  typeof value === "number" ? String(value) : (JSON.stringify(value) ?? "nothing");
