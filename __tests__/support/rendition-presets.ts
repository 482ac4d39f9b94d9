import type { Config, RenditionPreset } from "../../handlers/resize-image/config";

/** What both default renditions of the pipeline look like. */
export const THUMBNAIL: RenditionPreset = { width: 256, height: 256, fit: "inside", format: "source" };

/** A configuration of the function with the two default presets and those given. */
export function aConfig(presets: Readonly<Record<string, RenditionPreset>> = {}): Config {
  return {
    originalBucket: "original-images-test",
    resizedBucket: "resized-images-test",
    presets: new Map(Object.entries({ thumbnail: THUMBNAIL, thumb: THUMBNAIL, ...presets })),
    cacheControl: "public, max-age=300",
    readsRenditions: false,
    deletesRenditions: false,
    uploads: {},
    memoryMb: 1024,
  };
}

/** The same configuration as environment variables. */
export function environmentOf(config: Config): Record<string, string> {
  return {
    ORIGINAL_BUCKET: config.originalBucket,
    RESIZED_BUCKET: config.resizedBucket,
    RENDITIONS: JSON.stringify(Object.fromEntries(config.presets)),
    CACHE_CONTROL: config.cacheControl,
    ...(config.readsRenditions && { READS_RENDITIONS: "true" }),
    ...(config.deletesRenditions && { DELETES_RENDITIONS: "true", UPLOADS: JSON.stringify(config.uploads) }),
  };
}
