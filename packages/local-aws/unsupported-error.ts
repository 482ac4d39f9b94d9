/** The stack holds something the local runner does not understand: it is refused, with its address, never skipped. */
export class UnsupportedError extends Error {
  override readonly name = "UnsupportedError";

  constructor(
    readonly address: string,
    problem: string,
  ) {
    super(`${address}: ${problem}`);
  }
}
