declare module "asl-validator" {
  interface ValidationResult {
    readonly isValid: boolean;
    readonly errorsText: (separator?: string) => string;
  }

  /** Checks a definition against the Amazon States Language. Writes defaults into what it is given. */
  function validate(definition: object): ValidationResult;
  export = validate;
}
