/** A metric of CloudWatch: what it counts is told by all three. */
export interface Metric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What the metrics of one pipeline are called by. */
export interface MeasuredParts {
  readonly environmentName: string;
  readonly functionName: string;
  readonly stateMachineArn: string;
  readonly apiId: string;
  /** Where uploads start executions. */
  readonly upload?: MeasuredTrigger;
  /** Where deletions do. */
  readonly deletion?: MeasuredTrigger;
  /** The state machine of the backfill, where there is one. */
  readonly backfillArn?: string;
}

interface MeasuredTrigger {
  readonly ruleName: string;
  readonly queueName: string;
}

/** Every metric that alarms and the dashboard look at. Its counts of nothing are missing, and not zero. */
export function metricsOf(parts: MeasuredParts) {
  const { environmentName, functionName, stateMachineArn, apiId, upload, deletion, backfillArn } = parts;
  const of = (namespace: string, dimensions: Metric["dimensions"]) => (name: string) => ({
    namespace,
    name,
    dimensions,
  });
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  const states = of("AWS/States", { StateMachineArn: stateMachineArn });
  const backfill = (machineArn: string) => of("AWS/States", { StateMachineArn: machineArn });
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  const lambda = of("AWS/Lambda", { FunctionName: functionName });
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  const api = of("AWS/ApiGateway", { ApiId: apiId });
  const own = of(ownNamespace(environmentName), {});
  const triggered = ({ ruleName, queueName }: MeasuredTrigger) => ({
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
    failedInvocations: of("AWS/Events", { RuleName: ruleName })("FailedInvocations"),
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    deadLetters: of("AWS/SQS", { QueueName: queueName })("ApproximateNumberOfMessagesVisible"),
  });
  return {
    started: states("ExecutionsStarted"),
    succeeded: states("ExecutionsSucceeded"),
    failed: states("ExecutionsFailed"),
    timedOut: states("ExecutionsTimedOut"),
    aborted: states("ExecutionsAborted"),
    throttledExecutions: states("ExecutionThrottled"),
    executionTime: states("ExecutionTime"),
    invocations: lambda("Invocations"),
    functionErrors: lambda("Errors"),
    functionThrottles: lambda("Throttles"),
    functionDuration: lambda("Duration"),
    sandboxes: lambda("ConcurrentExecutions"),
    requests: api("Count"),
    apiFaults: api("5xx"),
    faults: own("Faults"),
    refusals: own("Refusals"),
    ...(upload && triggered(upload)),
    ...(deletion && { deletions: triggered(deletion) }),
    ...(backfillArn !== undefined && {
      backfill: {
        failed: backfill(backfillArn)("ExecutionsFailed"),
        timedOut: backfill(backfillArn)("ExecutionsTimedOut"),
      },
    }),
  };
}

export type PipelineMetrics = ReturnType<typeof metricsOf>;

/** Of the metrics that are made from logs. */
export const ownNamespace = (environmentName: string): string => `ImagePipeline/${environmentName}`;

/** The errors by which the function refuses a picture or a request; a test compares them with the function's. */
export const REFUSALS = [
  "InvalidRequest",
  "BucketNotAllowed",
  "UnknownRendition",
  "ObjectNotFound",
  "ObjectNotReadable",
  "ObjectNotWritable",
  "SourceEmpty",
  "SourceTooLarge",
  "NotAnImage",
  "UnsupportedFormat",
  "CorruptImage",
  "TooManyPixels",
  "TooManyFrames",
  "DimensionsTooLarge",
  "OutputTooLarge",
  "DeadlineExceeded",
] as const;

/** A metric that CloudWatch counts from a log group's lines. */
export interface LogMetric {
  readonly id: string;
  readonly logGroup: "function" | "machine";
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html */
  readonly pattern: string;
  readonly metricName: string;
  /** Each value of a dimension is a metric that is paid for: few, and never a key. @default - none */
  readonly dimensions?: Readonly<Record<string, string>>;
}

/**
 * The machine's log knows the error of a failed execution, so a refusal can be told from a fault in the same line: the
 * difference of two metrics would be wrong wherever a minute ends between them.
 */
export const LOG_METRICS: readonly LogMetric[] = [
  {
    id: "faults",
    logGroup: "machine",
    pattern: `{ $.type = "ExecutionFailed" ${REFUSALS.map((name) => `&& $.details.error != "${name}"`).join(" ")} }`,
    metricName: "Faults",
  },
  {
    id: "refusals",
    logGroup: "function",
    pattern: '{ $.message.outcome = "refused" }',
    metricName: "Refusals",
  },
  {
    id: "refusals-by-error",
    logGroup: "function",
    pattern: '{ $.message.outcome = "refused" }',
    metricName: "RefusalsByError",
    dimensions: { Error: "$.message.error" },
  },
];
