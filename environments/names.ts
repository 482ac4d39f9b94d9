/** The names a user meets in the AWS console and in log groups, each with the environment as suffix. */
export interface Names {
  readonly function: string;
  readonly layer: string;
  readonly statusFunction: string;
  readonly stateMachine: string;
  readonly api: string;
  readonly uploadRule: string;
  readonly uploadDeadLetterQueue: string;
  readonly deletionRule: string;
  readonly deletionDeadLetterQueue: string;
  /** Of what a distribution refers to, each kind of which has names of its own; the distribution has an id alone. */
  readonly delivery: string;
  readonly alarmTopic: string;
  /** The key that encrypts it, made by the account's bootstrap stack. */
  readonly alarmKeyAlias: string;
  readonly dashboard: string;
  readonly backfillStateMachine: string;
  /** What alarms' names begin with; no other environment's do, for a period is in no environment's name. */
  readonly alarmPrefix: string;
  /** The policy that no role of the pipeline can exceed, made by the account's bootstrap stack. */
  readonly permissionsBoundary: string;
  /** The policy that lets a plan read the environment, made by the account's bootstrap stack. */
  readonly readPolicy: string;
  /** The policy that lets a caller call the environment's API, made by the account's bootstrap stack. */
  readonly invokePolicy: string;
  /** What reading and writing its delivery takes, where it has one: policies of their own, for a policy has a size. */
  readonly writeDeliveryPolicy: string;
  /** What deploying what follows deletions takes, where an environment does, for the same reason. */
  readonly writeDeletionsPolicy: string;
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
    deletionRule: `ImageDeleted-${environmentName}`,
    deletionDeadLetterQueue: `ImageDeletedDeadLetters-${environmentName}`,
    delivery: `ImageDelivery-${environmentName}`,
    alarmTopic: `ImagePipelineAlarms-${environmentName}`,
    alarmKeyAlias: `alias/ImagePipelineAlarms-${environmentName}`,
    dashboard: `ImagePipeline-${environmentName}`,
    backfillStateMachine: `ImageBackfillStateMachine-${environmentName}`,
    alarmPrefix: `ImagePipeline-${environmentName}.`,
    permissionsBoundary: `ImagePipelineBoundary-${environmentName}`,
    readPolicy: `ImagePipelineRead-${environmentName}`,
    invokePolicy: `ImagePipelineInvoke-${environmentName}`,
    writeDeliveryPolicy: `ImagePipelineWriteDelivery-${environmentName}`,
    writeDeletionsPolicy: `ImagePipelineWriteDeletions-${environmentName}`,
    deployRole: `ImagePipelineDeploy-${environmentName}`,
  };
}

/**
 * The object that stands for every picture that is not there, where pictures are delivered. No rendition can have its key,
 * for a rendition's has a hyphen behind the name of its preset.
 */
export const NOT_FOUND_KEY = "404.txt";

/**
 * The bucket of an environment's backfills. Nobody meets it but by the output, and nothing in it is kept, so it needs no field:
 * the account makes the name one of a kind. Longest: 16 letters of the environment and 12 digits are 53 of 63 characters.
 */
export const backfillBucketName = (environmentName: string, accountId: string): string =>
  `image-pipeline-backfill-${environmentName}-${accountId}`;

/** In it: lists of keys that runs are given, and what runs write. */
export const BACKFILL_PREFIXES = { lists: "lists", results: "results" } as const;

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
