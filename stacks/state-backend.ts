import { LocalBackend, S3Backend, type TerraformStack } from "cdktf";
import type { State } from "../environments/state";

// From the folder that Terraform runs in (cdktf.out/stacks/<stack>) to the project: a relative path, so that the
// synthesized JSON is the same in every checkout.
const PROJECT_FOLDER = "../../..";

/** Keeps the state of `stack` where `state` says; in S3 a lock object beside it lets one run write at a time. */
export function keepState(stack: TerraformStack, state: State, accountId: string): void {
  if (state === "local") {
    new LocalBackend(stack, { path: `${PROJECT_FOLDER}/terraform.${stack.node.id}.tfstate` });
    return;
  }
  new S3Backend(stack, { ...state, encrypt: true, allowedAccountIds: [accountId] });
  // CDKTF has no property for Terraform's native locking (1.10 or newer).
  stack.addOverride("terraform.backend.s3.use_lockfile", true);
}
