/** A policy that IAM would not take, or that cannot be evaluated here: it is refused, with its address, never guessed. */
export class PolicyFault extends Error {
  override readonly name = "PolicyFault";

  constructor(
    readonly address: string,
    problem: string,
  ) {
    super(`${address}: ${problem}`);
  }
}
