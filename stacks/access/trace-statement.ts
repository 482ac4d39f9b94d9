import type { PolicyStatement } from "../constructs/policy-document";

/** Lets a traced service send to X-Ray; these actions have no resource level. */
export const WRITE_TRACES: PolicyStatement = {
  Sid: "WriteTraces",
  Effect: "Allow",
  Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  Resource: "*",
};
