import { mapOf, pattern } from "./expectations";

const tagKey = pattern(
  /^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/iu,
  "1 to 128 letters, digits, spaces or _.:/=+-@, not starting with aws:",
);

const tagValue = pattern(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u, "at most 256 letters, digits, spaces or _.:/=+-@");

/** Tags as every service takes them: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export const tags = mapOf(tagKey, tagValue);
