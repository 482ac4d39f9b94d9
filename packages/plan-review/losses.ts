import type { ResourceChange, TerraformPlan } from "./terraform-plan";

/** A resource that goes away, for good or to be made anew. */
export interface Loss {
  readonly resource: ResourceChange;
  /** What goes with it and cannot be brought back; undefined for a resource that holds nothing. */
  readonly lost: string | undefined;
}

/** What a resource of a type takes with it. A type that is not listed holds nothing but its own configuration. */
const HOLDS: Readonly<Record<string, string>> = {
  aws_s3_bucket: "every object in it, with all versions",
  aws_s3_object: "the object",
  aws_cloudwatch_log_group: "its logs",
  aws_sqs_queue: "the messages waiting in it",
  aws_sfn_state_machine: "its running executions and their history",
  aws_apigatewayv2_api: "its address: clients have to be told the new one",
  aws_cloudfront_distribution: "its address, if it has no name of its own: pages have to be told the new one",
  aws_kms_key: "everything encrypted with it",
  aws_sns_topic: "its subscriptions: every address has to be confirmed again",
  aws_dynamodb_table: "every item in it",
  aws_ssm_parameter: "its value",
  aws_secretsmanager_secret: "its value",
  aws_ecr_repository: "its images",
  aws_efs_file_system: "every file in it",
  aws_db_instance: "its databases",
  aws_rds_cluster: "its databases",
};

/** Everything that a plan replaces, destroys or lets go of. */
export function losses({ resources }: TerraformPlan): readonly Loss[] {
  return resources
    .filter(({ action }) => action === "replace" || action === "delete" || action === "forget")
    .map((resource) => ({ resource, lost: resource.action === "forget" ? undefined : HOLDS[resource.type] }));
}
