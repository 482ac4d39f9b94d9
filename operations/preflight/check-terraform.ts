import { spawnSync } from "node:child_process";
import { type Answer, fix, ok } from "./finding";

// The first with locks in S3 itself. https://developer.hashicorp.com/terraform/language/backend/s3#state-locking
const OLDEST = [1, 10] as const;

/** The Terraform on the path, which the CDKTF CLI runs. */
export function checkTerraform(): Answer {
  // Or it asks HashiCorp for a newer one first.
  const env = { ...process.env, CHECKPOINT_DISABLE: "1" };
  const { error, stdout } = spawnSync("terraform", ["version", "-json"], { encoding: "utf8", env });
  const install = `install ${OLDEST.join(".")} or newer: https://developer.hashicorp.com/terraform/install`;
  if (error !== undefined) return fix("no terraform on the path", install);
  const [, version = "", major = "", minor = ""] = /"terraform_version":\s*"((\d+)\.(\d+)[^"]*)"/.exec(stdout) ?? [];
  if (version === "") return fix("terraform does not say its version", install);
  const [oldestMajor, oldestMinor] = OLDEST;
  const isNewEnough = Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  return isNewEnough ? ok(version) : fix(version, install);
}
