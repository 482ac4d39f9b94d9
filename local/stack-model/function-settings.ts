import type { FunctionResource } from "./stack-model";
import { UnsupportedError } from "./unsupported-error";

// https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
const NAME = /^[A-Za-z0-9_-]{1,64}$/;
const TIMEOUT_SECONDS = [1, 900] as const;
const MEMORY_MB = [128, 10_240] as const;
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const MAX_LAYERS = 5;

/** Refuses settings that Lambda refuses when the function is created. */
export function refuseSettings({ address, name, timeoutSeconds, memoryMb, layers }: FunctionResource): void {
  const refuse = (expected: string, received: string | number): never => {
    throw new UnsupportedError(address, `expected ${expected} but received ${received}`);
  };
  if (!NAME.test(name)) refuse("a function_name of 1 to 64 letters, digits, - and _", `"${name}"`);
  for (const [argument, value, [least, most]] of [
    ["timeout", timeoutSeconds, TIMEOUT_SECONDS],
    ["memory_size", memoryMb, MEMORY_MB],
  ] as const) {
    if (!Number.isInteger(value) || value < least || value > most)
      refuse(`a whole number from ${least} to ${most} for ${argument}`, value);
  }
  if (layers.length > MAX_LAYERS) refuse(`at most ${MAX_LAYERS} layers`, layers.length);
  if (new Set(layers).size < layers.length) refuse("each layer once", "one of them twice");
}
