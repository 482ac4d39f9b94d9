import { readJson } from "@image-pipeline/command";
import { parsePlan, type TerraformPlan, UnreadablePlan } from "./terraform-plan";

/** Reads a file with the output of `terraform show -json <plan file>`. */
export function readPlan(file: string): TerraformPlan {
  const json = readJson(file);
  try {
    return parsePlan(json);
  } catch (error) {
    if (error instanceof UnreadablePlan) throw new UnreadablePlan(`${file}: ${error.message}`, { cause: error });
    throw error;
  }
}
