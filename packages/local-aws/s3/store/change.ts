import type { Upload, UploadedPart } from "./upload";
import type { Version } from "./version";

/** One step from one state of a bucket to the next. Everything a bucket holds is what its changes made of it. */
export type Change =
  /** Takes the place of the version with its id, if there is one, and is the newest. */
  | { readonly kind: "put"; readonly version: Version }
  | { readonly kind: "remove"; readonly key: string; readonly versionId: string }
  | { readonly kind: "upload"; readonly upload: Upload }
  | { readonly kind: "part"; readonly uploadId: string; readonly part: UploadedPart }
  | { readonly kind: "end upload"; readonly uploadId: string };
