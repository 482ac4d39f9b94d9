import type { PolicyStatement } from "@image-pipeline/iam-policy";

const SEND = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"];

/** Lets a traced function send to X-Ray; these actions have no resource level. */
export const WRITE_TRACES: PolicyStatement = {
  Sid: "WriteTraces",
  Effect: "Allow",
  Action: SEND,
  Resource: "*",
};

/** The same for Step Functions, which also asks which executions to trace. */
export const SAMPLE_AND_WRITE_TRACES: PolicyStatement = {
  ...WRITE_TRACES,
  // https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html
  Action: [...SEND, "xray:GetSamplingRules", "xray:GetSamplingTargets"],
};
