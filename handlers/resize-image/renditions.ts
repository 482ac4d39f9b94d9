import { posix } from "node:path";
import { parseObjectKey } from "./object-key";
import { FORMATS, type ImageFormat } from "./picture/formats";

const IMAGE_EXTENSIONS = new Set(Object.values(FORMATS).flatMap(({ extensions }) => extensions));

/**
 * Where a rendition is written: beside its source's folder and name as `<rendition>-<base name>`. The extension
 * changes only when the format does, whatever it says about the source.
 * @throws Refusal InvalidRequest when the longer key is too long for S3
 */
export function renditionKey(sourceKey: string, rendition: string, from: ImageFormat, to: ImageFormat): string {
  const folder = sourceKey.slice(0, sourceKey.lastIndexOf("/") + 1);
  const baseName = sourceKey.slice(folder.length);
  return parseObjectKey(
    `the key of ${rendition}`,
    `${folder}${rendition}-${from === to ? baseName : renamed(baseName, to)}`,
  );
}

function renamed(baseName: string, to: ImageFormat): string {
  const { ext, name } = posix.parse(baseName);
  // "holiday.2024" has no extension, only a dot: nothing of a name is dropped but what names a format.
  const stem = IMAGE_EXTENSIONS.has(ext.slice(1).toLowerCase()) ? name : baseName;
  return `${stem}.${FORMATS[to].extensions[0]}`;
}
