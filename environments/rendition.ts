import { bool, type Check, choice, integer, mapOf, optional, pattern, record } from "./expectations";

/** A named preset of output pictures: callers choose one by its name and never send free dimensions. */
export interface Rendition {
  /** Box of the picture, in pixels, 1 to 4096. */
  readonly width: number;
  readonly height: number;
  /** `inside` keeps the whole picture within the box; `cover` fills the box and crops. */
  readonly fit: "inside" | "cover";
  /** Format of the written object; `source` keeps that of the picture read. */
  readonly format: "source" | "jpeg" | "png" | "webp" | "avif" | "gif";
  /** 1 to 100. @default - the renderer's own for the format */
  readonly quality?: number;
  /** What `cover` keeps when it crops. @default - the centre */
  readonly position?: "centre" | "attention" | "entropy";
  /** `#rrggbb` behind transparent pixels where the format has no transparency. @default - white */
  readonly background?: string;
  /** Keep every frame of an animation. @default - the first frame only */
  readonly animated?: boolean;
  /** Let a small picture grow to the box. @default - never enlarged */
  readonly enlarge?: boolean;
}

// All environment variables of a function together: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
// The presets travel in one of them; the rest is left to the bucket names, Cache-Control and what comes later.
const MAX_RENDITIONS_BYTES = 3_072;

const PIXELS = integer(1, 4096);

const rendition = record<Rendition>({
  width: PIXELS,
  height: PIXELS,
  fit: choice(["inside", "cover"]),
  format: choice(["source", "jpeg", "png", "webp", "avif", "gif"]),
  quality: optional(integer(1, 100)),
  position: optional(choice(["centre", "attention", "entropy"])),
  background: optional(pattern(/^#[0-9a-f]{6}$/i, "a colour as #rrggbb")),
  animated: optional(bool),
  enlarge: optional(bool),
});

const renditionName = pattern(/^[a-z0-9][a-z0-9-]{0,31}$/, "a name of 1 to 32 lower-case letters, digits and hyphens");

/** Checks the presets of an environment. */
export const renditions: Check = (value, path) => {
  const faults = mapOf(renditionName, rendition)(value, path);
  if (typeof value !== "object" || value === null) return faults;
  for (const name of ["thumbnail", "thumb"]) {
    if (!Object.hasOwn(value, name)) {
      faults.push({
        path: `${path}.${name}`,
        expected: "a rendition, the default of a request form",
        received: undefined,
      });
    }
  }
  // `thumb` of "large-a.jpg" and `thumb-large` of "a.jpg" would be written to one key.
  const names = Object.keys(value);
  for (const name of names) {
    const shorter = names.find((other) => name.startsWith(`${other}-`));
    if (shorter === undefined) continue;
    faults.push({
      path: `${path} (name)`,
      expected: `no name that is ${shorter} with a hyphen and more, for two renditions could share a key`,
      received: name,
    });
  }
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > MAX_RENDITIONS_BYTES) {
    faults.push({ path, expected: `at most ${MAX_RENDITIONS_BYTES} bytes as JSON`, received: bytes });
  }
  return faults;
};
