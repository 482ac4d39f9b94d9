/** The names a user meets in the AWS console and in log groups, each with the environment as suffix. */
export interface Names {
  readonly function: string;
  readonly layer: string;
  readonly statusFunction: string;
  readonly stateMachine: string;
  readonly api: string;
  readonly uploadRule: string;
  readonly uploadDeadLetterQueue: string;
  readonly alarmTopic: string;
  /** The key that encrypts it, made by the account's bootstrap stack. */
  readonly alarmKeyAlias: string;
  readonly dashboard: string;
  /** What alarms' names begin with; no other environment's do, for a period is in no environment's name. */
  readonly alarmPrefix: string;
  /** The policy that no role of the pipeline can exceed, made by the account's bootstrap stack. */
  readonly permissionsBoundary: string;
  /** The policy that lets a plan read the environment, made by the account's bootstrap stack. */
  readonly readPolicy: string;
  /** The policy that lets a caller call the environment's API, made by the account's bootstrap stack. */
  readonly invokePolicy: string;
  /** The role that deploys the environment, made by the account's bootstrap stack. */
  readonly deployRole: string;
}

/** Names of one environment; two environments can live in one account because no two of them share a name. */
export function namesOf(environmentName: string): Names {
  return {
    function: `ImageResizeFunction-${environmentName}`,
    layer: `ImageResizeSharpLayer-${environmentName}`,
    statusFunction: `ImageExecutionStatusFunction-${environmentName}`,
    stateMachine: `ImageProcessingStateMachine-${environmentName}`,
    api: `ImageResizeAPI-${environmentName}`,
    uploadRule: `ImageUploaded-${environmentName}`,
    uploadDeadLetterQueue: `ImageUploadedDeadLetters-${environmentName}`,
    alarmTopic: `ImagePipelineAlarms-${environmentName}`,
    alarmKeyAlias: `alias/ImagePipelineAlarms-${environmentName}`,
    dashboard: `ImagePipeline-${environmentName}`,
    alarmPrefix: `ImagePipeline-${environmentName}.`,
    permissionsBoundary: `ImagePipelineBoundary-${environmentName}`,
    readPolicy: `ImagePipelineRead-${environmentName}`,
    invokePolicy: `ImagePipelineInvoke-${environmentName}`,
    deployRole: `ImagePipelineDeploy-${environmentName}`,
  };
}

/** The role that plans every environment of an account and changes nothing. */
export const PLAN_ROLE_NAME = "ImagePipelinePlan";

/** Stack id of an environment, which is also the folder of its Terraform JSON and the name in `cdktf deploy`. */
export function stackId(environmentName: string): string {
  return `image-pipeline-${environmentName}`;
}

/** Stack id of what an account needs before any environment; not `image-pipeline-`, which names environments. */
export function bootstrapStackId(accountName: string): string {
  return `bootstrap-${accountName}`;
}
