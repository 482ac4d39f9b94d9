import { LIST_PRICES, lambdaMillisecond, TRANSITIONS_OF_A_PICTURE } from "@image-pipeline/price-list";
import type { Environment } from "../../environments/environment";
import { type Metric, ownNamespace, type PipelineMetrics } from "./metrics";

/** What the numbers of a dashboard depend on. */
export type DashboardSettings = Pick<Environment, "name" | "region" | "architecture" | "functionMemoryMb">;

interface Line {
  readonly metric: Metric;
  readonly label: string;
  readonly stat?: string;
  /** By which an expression names it. */
  readonly id?: string;
}

interface Widget {
  readonly title: string;
  readonly lines: readonly Line[];
  /** An expression over the lines, which are hidden then, or a search. */
  readonly expression?: { readonly expression: string; readonly label: string };
  readonly view?: "timeSeries" | "singleValue";
  readonly stacked?: boolean;
  readonly periodSeconds?: number;
}

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
const COLUMNS = 24;
const WIDTH = 8;
const HEIGHT = 6;
const FIVE_MINUTES = 300;
const DAY = 86_400;

/** The body of the dashboard, for people who want to see in one look how the pipeline is. */
export function dashboardBody(metrics: PipelineMetrics, settings: DashboardSettings): object {
  return {
    widgets: widgetsOf(metrics, settings).map((widget, index) => ({
      type: "metric",
      x: (index * WIDTH) % COLUMNS,
      y: Math.floor((index * WIDTH) / COLUMNS) * HEIGHT,
      width: WIDTH,
      height: HEIGHT,
      properties: propertiesOf(widget, settings.region),
    })),
  };
}

function widgetsOf(metrics: PipelineMetrics, settings: DashboardSettings): readonly Widget[] {
  return [
    {
      title: "Executions by outcome",
      stacked: true,
      lines: [
        { metric: metrics.succeeded, label: "succeeded" },
        { metric: metrics.failed, label: "failed or refused" },
        { metric: metrics.timedOut, label: "timed out" },
        { metric: metrics.aborted, label: "aborted" },
      ],
    },
    {
      title: "Refusals by name",
      stacked: true,
      lines: [],
      expression: {
        expression: `SEARCH('{"${ownNamespace(settings.name)}",Error} MetricName="RefusalsByError"', 'Sum', ${FIVE_MINUTES})`,
        label: "",
      },
    },
    { title: "Faults", lines: [{ metric: metrics.faults, label: "failed and not refused" }] },
    {
      title: "From the start to the last rendition (ms)",
      lines: [
        { metric: metrics.executionTime, label: "p50", stat: "p50" },
        { metric: metrics.executionTime, label: "p95", stat: "p95" },
      ],
    },
    {
      title: "Sandboxes, and starts without one",
      lines: [
        { metric: metrics.sandboxes, label: "sandboxes", stat: "Maximum" },
        { metric: metrics.functionThrottles, label: "throttled" },
      ],
    },
    {
      title: "HTTP API",
      lines: [
        { metric: metrics.requests, label: "requests" },
        { metric: metrics.apiFaults, label: "5xx" },
      ],
    },
    ...(metrics.deadLetters && metrics.failedInvocations
      ? [
          {
            title: "Uploads that were not started",
            lines: [
              { metric: metrics.deadLetters, label: "dead letters", stat: "Maximum" },
              { metric: metrics.failedInvocations, label: "failed invocations" },
            ],
          },
        ]
      : []),
    ...(metrics.deletions
      ? [
          {
            title: "Deletions that were not started",
            lines: [
              { metric: metrics.deletions.deadLetters, label: "dead letters", stat: "Maximum" },
              { metric: metrics.deletions.failedInvocations, label: "failed invocations" },
            ],
          },
        ]
      : []),
    costOfTheLastDay(metrics, settings),
  ];
}

/** State transitions, requests and time of the function: what grows with pictures, and most of the bill. */
function costOfTheLastDay(metrics: PipelineMetrics, { architecture, functionMemoryMb }: DashboardSettings): Widget {
  const costs = [
    `started * ${decimal(TRANSITIONS_OF_A_PICTURE * LIST_PRICES.standardTransition)}`,
    `invocations * ${decimal(LIST_PRICES.lambdaRequest)}`,
    `duration * ${decimal(lambdaMillisecond(architecture, functionMemoryMb))}`,
  ];
  return {
    title: "Cost of the last day, in dollars: Step Functions and Lambda",
    view: "singleValue",
    periodSeconds: DAY,
    lines: [
      { metric: metrics.started, label: "started", id: "started" },
      { metric: metrics.invocations, label: "invocations", id: "invocations" },
      { metric: metrics.functionDuration, label: "duration", id: "duration" },
    ],
    expression: { expression: costs.join(" + "), label: "dollars" },
  };
}

const DIGITS = 18;

/** Metric math knows no exponents. */
const decimal = (value: number): string => value.toFixed(DIGITS).replace(/0+$/, "");

function propertiesOf({ title, lines, expression, view, stacked, periodSeconds }: Widget, region: string): object {
  const visible = expression === undefined;
  return {
    title,
    region,
    view: view ?? "timeSeries",
    stacked: stacked ?? false,
    stat: "Sum",
    period: periodSeconds ?? FIVE_MINUTES,
    metrics: [
      ...(expression ? [[expression]] : []),
      ...lines.map(({ metric, label, stat, id }) => [
        metric.namespace,
        metric.name,
        ...Object.entries(metric.dimensions).flat(),
        { label, ...(stat && { stat }), ...(id && { id }), ...(!visible && { visible }) },
      ]),
    ],
  };
}
