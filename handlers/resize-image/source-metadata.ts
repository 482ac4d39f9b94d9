import type { RenditionPreset } from "./config";
import type { Placeholder } from "./picture/placeholder";
import { presetDigest } from "./preset-digest";
import type { NamedPreset } from "./request";

/** What identifies exactly one version of a source. */
export interface SourceIdentity {
  readonly key: string;
  readonly etag: string;
  /** Where the bucket keeps versions. */
  readonly versionId?: string;
}

// S3 takes 2 KB of metadata in all (https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html), and a
// key of 1,024 bytes can be three times as long when percent-encoded, but not in base64.
const MAX_READABLE_KEY_CHARACTERS = 1024;

/**
 * The user metadata of a rendition: which source it was made from and what to show in its place, and which preset made it.
 * In ASCII, as headers are.
 */
export function sourceMetadata(
  { key, etag, versionId }: SourceIdentity,
  { hash, color }: Placeholder,
  { name, preset }: NamedPreset,
): Record<string, string> {
  const readable = encodeURIComponent(key);
  return {
    ...(readable.length <= MAX_READABLE_KEY_CHARACTERS
      ? { "source-key": readable }
      : { "source-key-base64": Buffer.from(key).toString("base64url") }),
    "source-etag": etag,
    ...(versionId && { "source-version": versionId }),
    "source-placeholder": hash,
    "source-color": color,
    rendition: name,
    "rendition-digest": presetDigest(preset),
  };
}

/** Whether a rendition with this metadata was made by a preset as it is now, of the source with this ETag. */
export function isMadeOf(metadata: Readonly<Record<string, string>>, etag: string, preset: RenditionPreset): boolean {
  const { "source-etag": madeOf = "", "rendition-digest": digest } = metadata;
  return plainEtag(madeOf) === plainEtag(etag) && digest === presetDigest(preset);
}

/** Headers have an ETag in quotes, and what repeats one, such as a list, may have none; caches mark it as weak. */
const plainEtag = (etag: string): string => etag.replace(/^(?:W\/)?"(.*)"$/, "$1");
