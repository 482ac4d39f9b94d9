import { join, resolve } from "node:path";

/** The folder in which Terraform runs for a stack, absolute. */
export function stackFolder(stack: string): string {
  return resolve(join("cdktf.out", "stacks", stack));
}
