import { UnsupportedError } from "../unsupported-error";
import { EMULATED } from "./resource-types";
import type { Resources } from "./resources";

/** Refuses two resources of one ARN: of two functions, roles or buckets of one name the second cannot be made. */
export function refuseTwins(resources: Resources): void {
  const addresses = new Map<string | number, string>();
  for (const [type, attributes] of Object.entries(EMULATED)) {
    if (!("arn" in attributes)) continue;
    for (const { address } of resources.ofType(type)) {
      const arn = resources.lookup(`${address}.arn`, address);
      const twin = addresses.get(arn);
      if (twin !== undefined) throw new UnsupportedError(address, `would be ${arn}, as ${twin} is`);
      addresses.set(arn, address);
    }
  }
}
