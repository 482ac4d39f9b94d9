import type { Environment } from "./environment";
import { backfillBucketName, namesOf } from "./names";
import { originalBucketName } from "./original-bucket";

/** ARNs of what the pipeline of one environment is made of, known before it is made because its names are. */
export interface PipelineArns {
  readonly originalBucket: string;
  readonly resizedBucket: string;
  /** Those that the stack makes. */
  readonly ownBuckets: readonly string[];
  readonly function: string;
  readonly statusFunction: string;
  readonly layer: string;
  readonly stateMachine: string;
  /** Every execution of the state machine. */
  readonly executions: string;
  /** What is of a backfill is known where there is no backfill, too. */
  readonly backfillStateMachine: string;
  /** Its executions, but for what follows: a colon and a name, or for a Map's children a slash and its label before that. */
  readonly backfillExecutions: string;
  readonly backfillMapRuns: string;
  readonly backfillBucket: string;
  readonly rules: readonly string[];
  readonly deadLetterQueues: readonly string[];
  /** What follows deletions, known where nothing does, too. */
  readonly deletions: Pick<PipelineArns, "rules" | "deadLetterQueues" | "roles">;
  readonly alarmTopic: string;
  readonly alarms: string;
  readonly dashboard: string;
  readonly functionLogGroups: readonly string[];
  readonly logGroups: readonly string[];
  /** Those whose lines are counted. */
  readonly measuredLogGroups: readonly string[];
  readonly roles: readonly string[];
  readonly stateMachines: readonly string[];
  /** What the backfill has of its own; empty where there is none. */
  readonly backfillBuckets: readonly string[];
  readonly permissionsBoundary: string;
  /** Every HTTP API of the region: AWS chooses the id of an API, so no name can be in its ARN. */
  readonly httpApis: readonly string[];
}

/** ARNs of the pipeline of `environment`. */
export function pipelineArns({ name, accountId, region, ...environment }: Environment): PipelineArns {
  const names = namesOf(name);
  const arn = (service: string, resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const logGroup = (group: string) => arn("logs", `log-group:${group}`);
  const functionLogGroups = [names.function, names.statusFunction].map((each) => logGroup(`/aws/lambda/${each}`));
  const machineLogGroup = (machine: string) => logGroup(`/aws/vendedlogs/states/${machine}`);
  const backfillBucket = `arn:aws:s3:::${backfillBucketName(name, accountId)}`;
  const backfillMachines = environment.backfill === "none" ? [] : [names.backfillStateMachine];
  const roleArn = (role: string) => `arn:aws:iam::${accountId}:role/${role}`;
  const originalBucket = `arn:aws:s3:::${originalBucketName(environment)}`;
  const resizedBucket = `arn:aws:s3:::${environment.resizedBucketName}`;
  return {
    originalBucket,
    resizedBucket,
    ownBuckets: typeof environment.originalBucket === "string" ? [originalBucket, resizedBucket] : [resizedBucket],
    function: arn("lambda", `function:${names.function}`),
    statusFunction: arn("lambda", `function:${names.statusFunction}`),
    layer: arn("lambda", `layer:${names.layer}`),
    stateMachine: arn("states", `stateMachine:${names.stateMachine}`),
    executions: arn("states", `execution:${names.stateMachine}:*`),
    backfillStateMachine: arn("states", `stateMachine:${names.backfillStateMachine}`),
    backfillExecutions: arn("states", `execution:${names.backfillStateMachine}`),
    backfillMapRuns: arn("states", `mapRun:${names.backfillStateMachine}/*`),
    backfillBucket,
    rules: [arn("events", `rule/${names.uploadRule}`)],
    deadLetterQueues: [arn("sqs", names.uploadDeadLetterQueue)],
    deletions: {
      rules: [arn("events", `rule/${names.deletionRule}`)],
      deadLetterQueues: [arn("sqs", names.deletionDeadLetterQueue)],
      roles: [roleArn(names.deletionRule)],
    },
    alarmTopic: arn("sns", names.alarmTopic),
    alarms: arn("cloudwatch", `alarm:${names.alarmPrefix}*`),
    // Dashboards belong to no region.
    dashboard: `arn:aws:cloudwatch::${accountId}:dashboard/${names.dashboard}`,
    functionLogGroups,
    measuredLogGroups: [logGroup(`/aws/lambda/${names.function}`), machineLogGroup(names.stateMachine)],
    logGroups: [
      ...functionLogGroups,
      machineLogGroup(names.stateMachine),
      logGroup(`/aws/vendedlogs/apis/${names.api}`),
      ...backfillMachines.map(machineLogGroup),
    ],
    stateMachines: [names.stateMachine, ...backfillMachines].map((machine) => arn("states", `stateMachine:${machine}`)),
    backfillBuckets: backfillMachines.map(() => backfillBucket),
    roles: [
      names.function,
      names.statusFunction,
      names.stateMachine,
      names.api,
      names.uploadRule,
      ...backfillMachines,
    ].map(roleArn),
    permissionsBoundary: permissionsBoundaryArn(accountId, name),
    httpApis: ["/apis", "/apis/*", "/tags/*"].map((path) => `arn:aws:apigateway:${region}::${path}`),
  };
}

/** ARN of the policy that no role of the environment's pipeline can exceed. */
export function permissionsBoundaryArn(accountId: string, environmentName: string): string {
  return `arn:aws:iam::${accountId}:policy/${namesOf(environmentName).permissionsBoundary}`;
}
