import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RefusalName } from "../../../handlers/resize-image/errors";
import { LOG_METRICS, REFUSALS } from "../../../stacks/monitoring/metrics";
import { synthesized, type Terraform } from "../../support/synthesized";

const ALARMS = { emails: ["one@example.com", "two@example.com"], encrypted: false, refusedPercent: 40 };
const BACKFILL = { maxConcurrency: 5 };
const terraform = synthesized({
  alarms: ALARMS,
  functionTimeoutSeconds: 20,
  deleteRenditions: true,
  backfill: BACKFILL,
});

const all = (type: string, of: Terraform = terraform): Record<string, unknown>[] =>
  Object.values(of.resource[type] ?? {});

/** What AWS measures, by namespace: dimensions that a metric can be asked for by, and the metrics that have them. */
const MEASURED_BY_AWS: Readonly<Record<string, readonly (readonly [dimensions: string, ...names: string[]])[]>> = {
  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  "AWS/States": [
    [
      "StateMachineArn",
      "ExecutionThrottled",
      "ExecutionTime",
      "ExecutionsAborted",
      "ExecutionsFailed",
      "ExecutionsStarted",
      "ExecutionsSucceeded",
      "ExecutionsTimedOut",
    ],
  ],
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
  "AWS/Lambda": [["FunctionName", "ConcurrentExecutions", "Duration", "Errors", "Invocations", "Throttles"]],
  // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
  "AWS/ApiGateway": [
    ["ApiId", "4xx", "5xx", "Count", "Latency"],
    ["ApiId,Stage", "4xx", "5xx", "Count", "Latency"],
  ],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
  "AWS/Events": [["RuleName", "FailedInvocations", "InvocationsSentToDlq"]],
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
  "AWS/SQS": [["QueueName", "ApproximateNumberOfMessagesVisible"]],
};

/** Those, and what the stack's own filters count. */
function exists(namespace: unknown, name: unknown, dimensions: readonly string[]): boolean {
  const by = dimensions.toSorted().join(",");
  const ofAws = MEASURED_BY_AWS[String(namespace)] ?? [];
  const ofFilters = all("aws_cloudwatch_log_metric_filter").map(({ metric_transformation }) =>
    Object(metric_transformation),
  );
  return (
    ofAws.some(([dimensions, ...names]) => dimensions === by && names.includes(String(name))) ||
    ofFilters.some(
      (made) =>
        made.namespace === namespace && made.name === name && Object.keys(made.dimensions ?? {}).join(",") === by,
    )
  );
}

interface Metric {
  readonly namespace: unknown;
  readonly metric_name: unknown;
  readonly dimensions?: Record<string, string>;
}

const metricsOf = (alarm: Record<string, unknown>): Metric[] =>
  Array.isArray(alarm.metric_query)
    ? alarm.metric_query.flatMap(({ metric }) => (metric === undefined ? [] : [metric]))
    : [Object(alarm)];

const body = JSON.parse(String(all("aws_cloudwatch_dashboard")[0]?.dashboard_body));

describe("the alarms", () => {
  it("look at metrics that exist", () => {
    const metrics = all("aws_cloudwatch_metric_alarm").flatMap(metricsOf);
    expect(metrics.length).toBeGreaterThan(10);
    const unknown = metrics.filter(
      ({ namespace, metric_name, dimensions = {} }) => !exists(namespace, metric_name, Object.keys(dimensions)),
    );
    expect(unknown).toEqual([]);
  });

  it("tell the topic, when something fails and when it is over, and are quiet where nothing happens", () => {
    for (const alarm of all("aws_cloudwatch_metric_alarm")) {
      const topic = [expect.stringMatching(/^\$\{aws_sns_topic\.alarms_topic_\w+\.arn}$/)];
      expect(alarm).toMatchObject({ alarm_actions: topic, ok_actions: topic, treat_missing_data: "notBreaching" });
    }
    expect(all("aws_sns_topic_subscription").map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual(
      ALARMS.emails.map((email) => ["email", email]),
    );
  });

  it.each([
    [true, "alias/ImagePipelineAlarms-test"],
    [false, undefined],
  ])("have the bootstrap stack's key on their topic where encrypted is %s", (encrypted, alias) => {
    const [topic] = all("aws_sns_topic", synthesized({ alarms: { ...ALARMS, encrypted } }));
    expect(topic?.kms_master_key_id).toBe(alias);
  });

  it("have their thresholds from the environment", () => {
    const thresholds = Object.fromEntries(
      all("aws_cloudwatch_metric_alarm").map(({ alarm_name, threshold }) => [alarm_name, threshold]),
    );
    expect(thresholds).toMatchObject({
      "ImagePipeline-test.slow": 16_000,
      "ImagePipeline-test.refused": 40,
      "ImagePipeline-test.failed": 1,
    });
  });

  it("stand in the runbook, each with what to do", () => {
    const page = readFileSync(join(__dirname, "../../../docs/operations.md"), "utf8");
    const rows = [...page.matchAll(/^\| `ImagePipeline-<env>\.([\w-]+)` \|/gm)].map(([, id]) => id);
    const names = all("aws_cloudwatch_metric_alarm").map(({ alarm_name }) => String(alarm_name).split(".")[1]);
    expect(rows.toSorted()).toEqual(names.toSorted());
  });

  it("of uploads are left out where uploads start nothing", () => {
    const without = synthesized({ alarms: ALARMS, resizeOnUpload: false });
    const names = all("aws_cloudwatch_metric_alarm", without).map(({ alarm_name }) => alarm_name);
    expect(names).toContain("ImagePipeline-test.failed");
    expect(names).not.toContain("ImagePipeline-test.dead-letters");
  });

  it("of deletions are left out where deletions start nothing", () => {
    const names = (of: Terraform) => all("aws_cloudwatch_metric_alarm", of).map(({ alarm_name }) => String(alarm_name));
    const without = synthesized({ alarms: ALARMS, backfill: BACKFILL });
    expect(names(terraform).filter((name) => !names(without).includes(name))).toEqual([
      "ImagePipeline-test.deletion-dead-letters",
      "ImagePipeline-test.deletion-failed-invocations",
    ]);
  });

  it("of a backfill are left out where there is none, and refusals then are a share of executions", () => {
    const without = synthesized({ alarms: ALARMS, deleteRenditions: true });
    const names = (of: Terraform) => all("aws_cloudwatch_metric_alarm", of).map(({ alarm_name }) => String(alarm_name));
    expect(names(terraform).filter((name) => !names(without).includes(name))).toEqual([
      "ImagePipeline-test.backfill-failed",
      "ImagePipeline-test.backfill-timed-out",
    ]);
    const shareOf = (of: Terraform) =>
      all("aws_cloudwatch_metric_alarm", of)
        .filter(({ alarm_name }) => alarm_name === "ImagePipeline-test.refused")
        .flatMap(metricsOf)
        .map(({ metric_name }) => metric_name);
    expect([shareOf(terraform), shareOf(without)]).toEqual([
      ["Refusals", "Invocations"],
      ["Refusals", "ExecutionsStarted"],
    ]);
  });

  it("are left out, with everything of them, where there are to be none", () => {
    const addresses = Object.values(synthesized({ alarms: "none" }).resource).flatMap(Object.keys);
    expect(addresses.filter((id) => id.startsWith("alarms_"))).toEqual([]);
  });
});

/** Whether CloudWatch would count a line: conditions on fields, all of which have to hold. */
function counts(pattern: string, line: object): boolean {
  const conditions = pattern.replace(/^\{ | \}$/g, "").split(" && ");
  return conditions.every((condition) => {
    const [, path = "", operator, expected] = /^\$\.([\w.]+) (=|!=) "([^"]*)"$/.exec(condition) ?? [];
    if (expected === undefined) throw new Error(`expected a condition on a field but received ${condition}`);
    const value = path.split(".").reduce((at: unknown, field) => Object(at)[field], line);
    return operator === "=" ? value === expected : value !== expected;
  });
}

const metricsCounting = (logGroup: "function" | "machine", line: object): string[] =>
  LOG_METRICS.filter((metric) => metric.logGroup === logGroup && counts(metric.pattern, line)).map(({ id }) => id);

describe("the metrics from logs", () => {
  it.each(REFUSALS)("do not take the refusal %s for a fault", (error) => {
    expect(metricsCounting("machine", { type: "ExecutionFailed", details: { error, cause: "" } })).toEqual([]);
  });

  it.each(["StorageUnavailable", "InternalError", "Lambda.Unknown", "States.Timeout"])(
    "take %s for a fault",
    (error) => {
      expect(metricsCounting("machine", { type: "ExecutionFailed", details: { error } })).toEqual(["faults"]);
    },
  );

  it("count nothing that goes on", () => {
    expect(metricsCounting("machine", { type: "TaskFailed", details: { error: "StorageUnavailable" } })).toEqual([]);
    expect(metricsCounting("function", { level: "INFO", message: { outcome: "resized" } })).toEqual([]);
  });

  it("count what the function refuses, by name", () => {
    const line = { level: "INFO", message: { outcome: "refused", error: "CorruptImage", cause: "" } };
    expect(metricsCounting("function", line)).toEqual(["refusals", "refusals-by-error"]);
  });

  it("know every refusal of the function", () => {
    // The compiler says so: a name more or less on either side is an error of types.
    const known: readonly RefusalName[] = REFUSALS;
    const missing: readonly Exclude<RefusalName, (typeof REFUSALS)[number]>[] = [] satisfies readonly never[];
    const none: readonly never[] = missing;
    expect([new Set(known).size, none]).toEqual([REFUSALS.length, []]);
  });

  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
  it.each(LOG_METRICS)("have a pattern that CloudWatch takes: $id", ({ pattern }) => {
    expect(pattern.length).toBeLessThanOrEqual(1_024);
  });
});

describe("the dashboard", () => {
  const widgets: { x: number; y: number; width: number; height: number; properties: Record<string, unknown> }[] =
    body.widgets;

  it("shows metrics that exist", () => {
    const lines = widgets.flatMap(({ properties }) => [properties.metrics].flat(1)).filter(Array.isArray);
    const metrics = lines.filter(([first]) => typeof first === "string");
    expect(metrics.length).toBeGreaterThan(15);
    const unknown = metrics.filter(([namespace, name, ...rest]) => {
      const dimensions = rest.slice(0, -1).filter((_: unknown, index: number) => index % 2 === 0);
      return !exists(namespace, name, dimensions);
    });
    expect(unknown).toEqual([]);
  });

  it("searches for a metric that a filter makes, by the dimension it has", () => {
    const [, namespace, dimension, name] =
      /SEARCH\('\{"([^"]+)",(\w+)\} MetricName="(\w+)"', 'Sum', 300\)/.exec(
        JSON.stringify(body).replaceAll('\\"', '"'),
      ) ?? [];
    expect(exists(namespace, name, [String(dimension)])).toBe(true);
  });

  it("adds up what it has fetched, in numbers without exponents", () => {
    const cost = widgets.find(({ properties }) => String(properties.title).startsWith("Cost"));
    const [[{ expression }], ...lines] = Object(cost?.properties.metrics);
    const ids = lines.map((line: { id: string }[]) => line.at(-1)?.id);
    expect([...String(expression).matchAll(/[a-z]+/g)].map(([id]) => id)).toEqual(ids);
    expect(expression).toMatch(/^started \* 0\.0001 \+ invocations \* 0\.0000002 \+ duration \* 0\.0{7,}\d+$/);
  });

  it("has every widget in the environment's region, and none over another", () => {
    const cells = widgets.map(({ x, y, width, height, properties }) => {
      expect(properties.region).toBe("eu-west-1");
      expect([x + width <= 24, width, height]).toEqual([true, 8, 6]);
      return `${x},${y}`;
    });
    expect(new Set(cells).size).toBe(widgets.length);
  });
});
