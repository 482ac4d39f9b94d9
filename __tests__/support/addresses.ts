import type { Terraform } from "./synthesized";

/** The Terraform address of every resource of a stack, in alphabetical order. */
export function addressesOf({ resource }: Terraform): readonly string[] {
  return Object.entries(resource)
    .flatMap(([type, byName]) => Object.keys(byName).map((name) => `${type}.${name}`))
    .sort();
}

/** What applying a stack would do to the addresses that are written down for it, in words, and what to do instead. */
export function addressFaults(written: readonly string[], terraform: Terraform, file: string): readonly string[] {
  const now = addressesOf(terraform);
  const moved = (terraform.moved ?? []).map(({ from }) => from);
  return [
    ...written
      .filter((address) => !now.includes(address) && !moved.includes(address))
      .map(
        (address) =>
          `${address} is gone, so the next deployment destroys it with all that is in it. If it only has another name or place in the code now, call moveFromId("${address}") on the resource there: Terraform then moves it in its state and touches nothing. If it shall be destroyed, take its line out of ${file}.`,
      ),
    ...now
      .filter((address) => !written.includes(address))
      .map((address) => `${address} is new: write it down in ${file} (UPDATE_ADDRESSES=1 npx jest addresses does).`),
  ];
}
