import { bucketNameFaults } from "./bucket-name";
import { type Check, pattern, record } from "./expectations";
import { region } from "./region";

/** An object of a bucket, which Terraform locks with a second object beside it. */
export interface StateLocation {
  readonly bucket: string;
  readonly key: string;
  /** Region of the bucket. */
  readonly region: string;
}

/** Where Terraform keeps what it made: `local` is a file in the project folder, for one person at one machine. */
export type State = "local" | StateLocation;

const location = record<StateLocation>({
  bucket: bucketNameFaults,
  // No name ends in the suffix of a lock, or one stack's state would be the other one's lock.
  key: pattern(/^(?!.*\.tflock$)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, "a key such as dev/terraform.tfstate"),
  region,
});

/** Checks a `State`. */
export const state: Check = (value, path) => {
  if (value === "local") return [];
  return typeof value === "object"
    ? location(value, path)
    : [{ path, expected: 'a bucket, a key and a region, or "local"', received: value }];
};
