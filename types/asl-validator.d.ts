// The package brings no types. https://github.com/ChristopheBougere/asl-validator

declare module "asl-validator" {
  /** Checks an Amazon States Language definition. It writes `QueryLanguage` into the states of the object it is given. */
  function validate(definition: unknown): {
    readonly isValid: boolean;
    readonly errors: readonly { readonly "Error code": string; readonly Message: string }[];
    /** The errors, one in a line. */
    readonly errorsText: (separator?: string) => string;
  };
  export = validate;
}
