import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard";
import { CloudwatchLogMetricFilter } from "@cdktf/provider-aws/lib/cloudwatch-log-metric-filter";
import { CloudwatchMetricAlarm } from "@cdktf/provider-aws/lib/cloudwatch-metric-alarm";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import type { Names } from "../../environments/names";
import { type Alarm, alarmsOf } from "../monitoring/alarms";
import { dashboardBody } from "../monitoring/dashboard";
import { LOG_METRICS, metricsOf, ownNamespace } from "../monitoring/metrics";
import type { DeletionTrigger } from "./deletion-trigger";
import type { ImageBackfill } from "./image-backfill";
import type { ImageWorkflow } from "./image-workflow";
import type { ResizeFunction } from "./resize-function";
import type { StartExecutionApi } from "./start-execution-api";
import type { UploadTrigger } from "./upload-trigger";

export interface PipelineAlarmsProps {
  readonly names: Names;
  readonly environment: Environment;
  readonly alarms: Exclude<Environment["alarms"], "none">;
  readonly resize: ResizeFunction;
  readonly workflow: ImageWorkflow;
  readonly api: StartExecutionApi;
  /** Where uploads start executions. */
  readonly upload: UploadTrigger | undefined;
  /** Where deletions do. */
  readonly deletion: DeletionTrigger | undefined;
  readonly backfill: ImageBackfill | undefined;
}

/** Tells people what fails, and shows them the rest: metrics from the logs, alarms, a topic with their addresses, a dashboard. */
export class PipelineAlarms extends Construct {
  constructor(scope: Construct, id: string, props: PipelineAlarmsProps) {
    super(scope, id);
    const { names, environment, alarms, resize, workflow, api, upload, deletion, backfill } = props;

    const logGroups = { function: resize.logGroup, machine: workflow.logGroup };
    for (const { id, logGroup, pattern, metricName, dimensions } of LOG_METRICS) {
      new CloudwatchLogMetricFilter(this, id, {
        name: metricName,
        logGroupName: logGroups[logGroup].name,
        pattern,
        metricTransformation: {
          namespace: ownNamespace(environment.name),
          name: metricName,
          value: "1",
          ...(dimensions && { dimensions: { ...dimensions } }),
        },
      });
    }

    const topic = new SnsTopic(this, "topic", {
      name: names.alarmTopic,
      ...(alarms.encrypted && { kmsMasterKeyId: names.alarmKeyAlias }),
    });
    alarms.emails.forEach((email, index) => {
      new SnsTopicSubscription(this, `email-${index}`, { topicArn: topic.arn, protocol: "email", endpoint: email });
    });

    const metrics = metricsOf({
      environmentName: environment.name,
      functionName: resize.function.functionName,
      stateMachineArn: workflow.stateMachine.arn,
      apiId: api.id,
      ...(upload && { upload: { ruleName: upload.rule.name, queueName: upload.deadLetters.name } }),
      ...(deletion && { deletion: { ruleName: deletion.rule.name, queueName: deletion.deadLetters.name } }),
      ...(backfill && { backfillArn: backfill.stateMachine.arn }),
    });
    for (const alarm of alarmsOf(metrics, { ...environment, ...alarms })) {
      new CloudwatchMetricAlarm(this, alarm.id, {
        alarmName: `${names.alarmPrefix}${alarm.id}`,
        alarmDescription: `${alarm.description}. What to do: docs/operations.md, "Alarms"`,
        comparisonOperator: "GreaterThanOrEqualToThreshold",
        threshold: alarm.threshold,
        evaluationPeriods: alarm.periods,
        treatMissingData: "notBreaching",
        alarmActions: [topic.arn],
        okActions: [topic.arn],
        ...measured(alarm),
      });
    }

    new CloudwatchDashboard(this, "dashboard", {
      dashboardName: names.dashboard,
      dashboardBody: JSON.stringify(dashboardBody(metrics, environment)),
    });
  }
}

function measured({ metric, statistic, periodSeconds }: Alarm) {
  if (!("expression" in metric)) {
    const { namespace, name, dimensions } = metric;
    return { namespace, metricName: name, dimensions: { ...dimensions }, statistic, period: periodSeconds };
  }
  return {
    metricQuery: [
      { id: "value", expression: metric.expression, label: "value", returnData: true },
      ...Object.entries(metric.metrics).map(([id, { namespace, name, dimensions }]) => ({
        id,
        metric: { namespace, metricName: name, dimensions: { ...dimensions }, stat: statistic, period: periodSeconds },
      })),
    ],
  };
}
