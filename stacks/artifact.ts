/** A zip on disk, ready to be uploaded; the build made it before the stack was. */
export interface Artifact {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of its bytes in base64, as Lambda reports it (`CodeSha256`). */
  readonly sha256Base64: string;
}
