import type { Config, UploadedKeys } from "./config";
import type { NamedPreset } from "./request";

/** What a source that is there has in any case: the default rendition, where its upload started an execution; else nothing. */
export function owedRenditions(key: string, { presets, uploads }: Config): readonly NamedPreset[] {
  const preset = presets.get("thumbnail");
  return preset !== undefined && startsExecution(key, uploads) ? [{ name: "thumbnail", preset }] : [];
}

/** As the event pattern of the stack's rule for uploads has it: stacks/constructs/upload-trigger.ts. */
export function startsExecution(key: string, { prefixes, suffixes }: UploadedKeys): boolean {
  if (prefixes) return prefixes.some((prefix) => key.startsWith(prefix));
  if (suffixes) return suffixes.some((suffix) => inSmallLetters(key).endsWith(inSmallLetters(suffix)));
  return !key.endsWith("/");
}

// Of ASCII alone, as EventBridge does: the Kelvin sign is no k.
const inSmallLetters = (text: string): string => text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase());
