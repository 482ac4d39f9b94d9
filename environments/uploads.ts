import * as v from "valibot";
import { cors } from "./cors";
import { arrayOf, type Fault, isObject, meaning, pattern, record } from "./expectations";

// So many, so long, fit into the 2,048 characters of an event pattern beside the longest name of a bucket:
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const MOST = 20;

const prefix = pattern(
  /^[A-Za-z0-9 /!_.'()+=@,-]{1,64}$/,
  "the beginning of a key, such as photos/: 1 to 64 letters, digits, spaces or /!_.'()+=@,-",
);

// Without a slash, so that no suffix wants what consoles and sync tools put there as folders.
const suffix = pattern(
  /^[A-Za-z0-9._-]{1,16}$/,
  "the end of a key, such as .jpg: 1 to 16 letters, digits, periods, underscores or hyphens",
);

/** Which uploads start an execution, and which pages may upload. */
export const uploads = record({
  prefixes: v.exactOptional(
    meaning(
      "an upload starts an execution if its key begins with one of these; by default with anything",
      arrayOf(prefix, MOST),
    ),
  ),
  suffixes: v.exactOptional(
    meaning(
      "an upload starts an execution if its key ends with one of these, in capitals or not; by default with anything",
      arrayOf(suffix, MOST),
    ),
  ),
  cors: v.exactOptional(
    meaning("which pages may upload by presigned PUT or POST form, straight to the bucket; by default none", cors),
  ),
});

/**
 * The values of one field are alternatives to EventBridge, and it takes a field once. What could ask for both ends of a key is
 * a wildcard for each way to write a suffix, of which EventBridge takes about four that begin alike: .jpg alone has eight.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html#eb-filtering-wildcard-matching-complexity
 */
export function uploadFaults(environment: unknown, path: string): Fault[] {
  if (!isObject(environment) || !isObject(environment.uploads)) return [];
  const { prefixes, suffixes, cors: pages } = environment.uploads;
  return [
    ...(prefixes !== undefined && suffixes !== undefined
      ? [
          {
            path: `${path}.uploads.suffixes`,
            expected: "nothing beside prefixes, because an event pattern asks for one end of a key or the other",
            received: suffixes,
          },
        ]
      : []),
    ...(pages !== undefined && isObject(environment.originalBucket)
      ? [
          {
            path: `${path}.uploads.cors`,
            expected:
              "nothing, because the bucket of the originals is there already, and its owner says which pages may use it",
            received: pages,
          },
        ]
      : []),
  ];
}
