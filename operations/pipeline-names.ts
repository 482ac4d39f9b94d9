import type { Environment } from "../environments/environment";

/** The parts of a deployed pipeline that commands look for: their names are promises to its users, so no outputs are needed. */
export interface PipelineNames {
  readonly function: string;
  readonly stateMachineArn: string;
  readonly uploadDeadLetterQueue: string;
}

export function pipelineNames({ name, accountId, region }: Environment): PipelineNames {
  return {
    function: `ImageResizeFunction-${name}`,
    stateMachineArn: `arn:aws:states:${region}:${accountId}:stateMachine:ImageProcessingStateMachine-${name}`,
    uploadDeadLetterQueue: `ImageUploadedDeadLetters-${name}`,
  };
}
