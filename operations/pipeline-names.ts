import type { Environment } from "../environments/environment";

/** The parts of a deployed pipeline that commands look for: their names are promises to its users, so no outputs are needed. */
export interface PipelineNames {
  readonly function: string;
  readonly stateMachineArn: string;
  readonly uploadDeadLetterQueue: string;
  readonly backfillStateMachineArn: string;
  readonly backfillBucket: string;
}

export function pipelineNames({ name, accountId, region }: Environment): PipelineNames {
  const stateMachineArn = (machine: string) => `arn:aws:states:${region}:${accountId}:stateMachine:${machine}-${name}`;
  return {
    function: `ImageResizeFunction-${name}`,
    stateMachineArn: stateMachineArn("ImageProcessingStateMachine"),
    uploadDeadLetterQueue: `ImageUploadedDeadLetters-${name}`,
    backfillStateMachineArn: stateMachineArn("ImageBackfillStateMachine"),
    backfillBucket: `image-pipeline-backfill-${name}-${accountId}`,
  };
}
