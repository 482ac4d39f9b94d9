import type { InferOutput } from "valibot";
import { bucketName } from "./bucket-name";
import { meaning, orWord, pattern, record } from "./expectations";
import { region } from "./region";

/** An object of a bucket, which Terraform locks with a second object beside it. */
const location = record({
  bucket: meaning("bucket of the state", bucketName),
  // No name ends in the suffix of a lock, or one stack's state would be the other one's lock.
  key: meaning(
    "object of the state; Terraform keeps its lock beside it",
    pattern(/^(?!.*\.tflock$)[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, "a key such as dev/terraform.tfstate"),
  ),
  region: meaning("region of the bucket", region),
});

/** Checks a `State`. */
export const state = orWord("local", location, 'a bucket, a key and a region, or "local"');

/** Where Terraform keeps what it made: `local` is a file in the project folder, for one person at one machine. */
export type State = InferOutput<typeof state>;
