/** The codes ValidateStateMachineDefinition gives (docs: API_ValidateStateMachineDefinitionDiagnostic). */
export type FaultCode =
  | "DUPLICATE_STATE_NAME"
  | "INVALID_JSON_DESCRIPTION"
  | "MISSING_START_AT"
  | "MISSING_TRANSITION_TARGET"
  | "MISSING_END_STATE"
  | "SCHEMA_VALIDATION_FAILED"
  | "INVALID_JSONATA_EXPRESSION"
  | "UNSUPPORTED_JSONATA_EXPRESSION";

/**
 * A definition that Step Functions refuses, or that this package does not run; `location` is a JSON Pointer, and AWS
 * gives none for what is wrong with the definition as a whole.
 */
export class DefinitionFault extends Error {
  override readonly name = "DefinitionFault";

  constructor(
    readonly code: FaultCode,
    readonly what: string,
    readonly location: string | undefined,
  ) {
    super(`${code}: ${what} at ${location === "" ? "/" : (location ?? "null")}`);
  }
}
