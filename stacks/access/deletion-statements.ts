import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";
import { pipelineArns } from "../../environments/pipeline-arns";
import { writeRoles } from "./role-statements";
import { writeTriggers } from "./write-statements";

/** What making, changing and taking away what follows deletions takes. */
export function writeDeletionStatements(environment: Environment): readonly PolicyStatement[] {
  const { deletions, permissionsBoundary } = pipelineArns(environment);
  return [...writeTriggers(deletions), ...writeRoles(deletions.roles, permissionsBoundary)];
}
