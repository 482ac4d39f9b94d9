/** The errors of docs: concepts-error-handling that end a Map run itself, whatever its children do. */
export type MapRunErrorName =
  | "States.ExceedToleratedFailureThreshold"
  | "States.ItemReaderFailed"
  | "States.ResultWriterFailed"
  | "States.Runtime";

/** A Map run fails; the message is its cause. */
export class MapRunError extends Error {
  override readonly name = "MapRunError";
  readonly error: MapRunErrorName;

  constructor(error: MapRunErrorName, cause: string, options?: ErrorOptions) {
    super(cause, options);
    this.error = error;
  }
}

/** What was thrown as the failure of the run: a `MapRunError` as it is, anything else by its message. */
export function asMapRunError(error: MapRunErrorName, thrown: unknown): MapRunError {
  if (thrown instanceof MapRunError) return thrown;
  return new MapRunError(error, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
}
