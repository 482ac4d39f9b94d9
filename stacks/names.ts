/** The names a user meets in the AWS console and in log groups, each with the environment as suffix. */
export interface Names {
  readonly function: string;
  readonly layer: string;
  readonly stateMachine: string;
  readonly api: string;
  readonly uploadRule: string;
  readonly uploadDeadLetterQueue: string;
}

/** Names of one environment; two environments can live in one account because no two of them share a name. */
export function namesOf(environmentName: string): Names {
  return {
    function: `ImageResizeFunction-${environmentName}`,
    layer: `ImageResizeSharpLayer-${environmentName}`,
    stateMachine: `ImageProcessingStateMachine-${environmentName}`,
    api: `ImageResizeAPI-${environmentName}`,
    uploadRule: `ImageUploaded-${environmentName}`,
    uploadDeadLetterQueue: `ImageUploadedDeadLetters-${environmentName}`,
  };
}

/** Stack id of an environment, which is also the folder of its Terraform JSON and the name in `cdktf deploy`. */
export function stackId(environmentName: string): string {
  return `image-pipeline-${environmentName}`;
}
