import type { Preset } from "../preset";

/** As the files in `environments/` are written. */
const LINE_WIDTH = 120;
const INDENT = "    ";

const ORDER = ["width", "height", "fit", "position", "format", "quality", "background", "animated", "enlarge"] as const;

/** A preset without what it would be anyway. */
export function withoutDefaults({ position, animated, enlarge, ...preset }: Preset): Preset {
  return {
    ...preset,
    ...(preset.fit === "cover" && position !== undefined && position !== "centre" && { position }),
    ...(animated === true && { animated }),
    ...(enlarge === true && { enlarge }),
  };
}

/** A preset as a line of an environment's `renditions`, or as several where it is long. */
export function presetText(name: string, preset: Preset): string {
  const shown = withoutDefaults(preset);
  const fields = ORDER.flatMap((field) =>
    shown[field] === undefined ? [] : `${field}: ${JSON.stringify(shown[field])}`,
  );
  const key = /^[a-z][a-z0-9]*$/.test(name) ? name : JSON.stringify(name);
  const line = `${INDENT}${key}: { ${fields.join(", ")} },`;
  if (line.length <= LINE_WIDTH) return line;
  return [`${INDENT}${key}: {`, ...fields.map((field) => `${INDENT}  ${field},`), `${INDENT}},`].join("\n");
}
