/** What a request or a picture can be refused for. Trying again cannot help, so the state machine does not. */
export type RefusalName =
  | "InvalidRequest"
  | "BucketNotAllowed"
  | "UnknownRendition"
  | "ObjectNotFound"
  | "ObjectNotReadable"
  | "ObjectNotWritable"
  | "SourceEmpty"
  | "SourceTooLarge"
  | "NotAnImage"
  | "UnsupportedFormat"
  | "CorruptImage"
  | "TooManyPixels"
  | "TooManyFrames"
  | "DimensionsTooLarge"
  | "OutputTooLarge"
  | "DeadlineExceeded";

/** A permanent failure: returned as an outcome, never thrown out of the handler. */
export class Refusal extends Error {
  override readonly name: RefusalName;

  constructor(name: RefusalName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = name;
  }
}

/** A delete marker is what the source is now. */
export class SourceDeleted extends Refusal {
  constructor(where: string, options?: ErrorOptions) {
    super("ObjectNotFound", `Expected an object at ${where} but it was deleted`, options);
  }
}

/** S3 could not answer this time (throttling, 5xx, network). Thrown, so that the state machine tries again by this name. */
export class StorageUnavailable extends Error {
  override readonly name = "StorageUnavailable";
}

/** The source was another one after each round of writing. Thrown, so that the state machine tries again by this name. */
export class SourceKeepsChanging extends Error {
  override readonly name = "SourceKeepsChanging";
}
