import * as v from "valibot";
import type { RenditionPreset } from "../handlers/resize-image/config";
import { bool, choice, integer, isObject, mapOf, meaning, pattern, record, type Schema } from "./expectations";

// All environment variables of a function together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// The presets travel in one of them; the rest is left to the bucket names, Cache-Control and what comes later.
const MAX_RENDITIONS_BYTES = 3_072;

const PIXELS = integer(1, 4096);

const preset: Schema<RenditionPreset> = record({
  width: meaning("width of the box, in pixels", PIXELS),
  height: meaning("height of the box, in pixels", PIXELS),
  fit: meaning("`inside` keeps the whole picture, `cover` fills the box and crops", choice(["inside", "cover"])),
  format: meaning(
    "format of the object; `source` keeps that of the picture read",
    choice(["source", "jpeg", "png", "webp", "avif", "gif"]),
  ),
  quality: v.exactOptional(meaning("of the encoder; each format has its own default", integer(1, 100))),
  position: v.exactOptional(
    meaning("what `cover` keeps in view; by default the centre", choice(["centre", "attention", "entropy"])),
  ),
  background: v.exactOptional(
    meaning(
      "behind transparency where the format has none; by default white",
      pattern(/^#[0-9a-f]{6}$/i, "a colour as #rrggbb"),
    ),
  ),
  animated: v.exactOptional(meaning("keep all frames; by default the first one only", bool)),
  enlarge: v.exactOptional(meaning("let a small picture grow to the box; by default it does not", bool)),
} satisfies Readonly<Record<keyof RenditionPreset, unknown>>);

const presetName = pattern(/^[a-z0-9][a-z0-9-]{0,31}$/, "a name of 1 to 32 lower-case letters, digits and hyphens");

/** The presets of an environment, by name. */
export const renditions = v.pipe(
  mapOf(presetName, preset),
  v.rawCheck(({ dataset, addIssue }) => {
    // Checked beside the faults of single presets, too, so that all are reported at once.
    const value: unknown = dataset.value;
    if (!isObject(value)) return;
    const at = (origin: "key" | "value", key: string): [v.IssuePathItem] => [
      { type: "object", origin, input: value, key, value: value[key] },
    ];
    for (const name of ["thumbnail", "thumb"].filter((name) => !Object.hasOwn(value, name))) {
      addIssue({
        path: at("value", name),
        input: undefined,
        message: "a rendition, the default of a request form",
      });
    }
    // `thumb` of "large-a.jpg" and `thumb-large` of "a.jpg" would be written to one key.
    const names = Object.keys(value);
    for (const name of names) {
      const shorter = names.find((other) => name.startsWith(`${other}-`));
      if (shorter === undefined) continue;
      addIssue({
        path: at("key", name),
        input: name,
        message: `no name that is ${shorter} with a hyphen and more, for two renditions could share a key`,
      });
    }
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > MAX_RENDITIONS_BYTES) {
      addIssue({ input: bytes, message: `at most ${MAX_RENDITIONS_BYTES} bytes as JSON` });
    }
  }),
);
