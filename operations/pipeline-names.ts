import type { Environment } from "../environments/environment";

/** The parts of a deployed pipeline that commands look for: their names are promises to its users, so no outputs are needed. */
export interface PipelineNames {
  readonly function: string;
  readonly stateMachineArn: string;
  /** Of uploads, and where there are any of deletions. */
  readonly deadLetterQueues: readonly string[];
  readonly backfillStateMachineArn: string;
  readonly backfillBucket: string;
}

export function pipelineNames({ name, accountId, region, deleteRenditions }: Environment): PipelineNames {
  const stateMachineArn = (machine: string) => `arn:aws:states:${region}:${accountId}:stateMachine:${machine}-${name}`;
  return {
    function: `ImageResizeFunction-${name}`,
    stateMachineArn: stateMachineArn("ImageProcessingStateMachine"),
    deadLetterQueues: [
      `ImageUploadedDeadLetters-${name}`,
      ...(deleteRenditions ? [`ImageDeletedDeadLetters-${name}`] : []),
    ],
    backfillStateMachineArn: stateMachineArn("ImageBackfillStateMachine"),
    backfillBucket: `image-pipeline-backfill-${name}-${accountId}`,
  };
}
