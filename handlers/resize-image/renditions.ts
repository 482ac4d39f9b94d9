import type { RenditionPreset } from "./config";
import { parseObjectKey } from "./object-key";
import { FORMATS } from "./picture/formats";

/**
 * Where a rendition is written: beside its source's folder as `<rendition>-<base name>`, and where the preset names a
 * format, `.<extension>` after the whole of that. A function of the source's key and the preset alone, never of what the
 * source turns out to be; and no two sources or presets share a key, because a preset's name never is another one's with
 * a hyphen and more behind it (the environment's validator sees to that).
 * @throws Refusal InvalidRequest when the longer key is too long for S3
 */
export function renditionKey(sourceKey: string, name: string, { format }: Pick<RenditionPreset, "format">): string {
  const folder = sourceKey.slice(0, sourceKey.lastIndexOf("/") + 1);
  const extension = format === "source" ? "" : `.${FORMATS[format].extension}`;
  return parseObjectKey(`the key of ${name}`, `${folder}${name}-${sourceKey.slice(folder.length)}${extension}`);
}
