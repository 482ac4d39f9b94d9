import { GetApisCommand } from "@aws-sdk/client-apigatewayv2";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { ListPoliciesCommand, ListRolesCommand } from "@aws-sdk/client-iam";
import { ListFunctionsCommand, ListLayersCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand } from "@aws-sdk/client-s3";
import { ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import { ListQueuesCommand } from "@aws-sdk/client-sqs";
import type { AwsClients } from "./aws-clients";

/** The name of everything there is in an account, by kind and in alphabetical order. */
export async function whatIsThere(aws: AwsClients): Promise<readonly string[]> {
  const [buckets, functions, layers, roles, policies, machines, apis, rules, queues, logGroups] = await Promise.all([
    aws.s3.send(new ListBucketsCommand({})),
    aws.lambda.send(new ListFunctionsCommand({})),
    aws.lambda.send(new ListLayersCommand({})),
    aws.iam.send(new ListRolesCommand({})),
    aws.iam.send(new ListPoliciesCommand({ Scope: "Local" })),
    aws.states.send(new ListStateMachinesCommand({})),
    aws.apis.send(new GetApisCommand({})),
    aws.events.send(new ListRulesCommand({})),
    aws.sqs.send(new ListQueuesCommand({})),
    aws.logs.send(new DescribeLogGroupsCommand({})),
  ]);
  return [
    ...(apis.Items ?? []).map(({ Name }) => `API ${Name}`),
    ...(buckets.Buckets ?? []).map(({ Name }) => `bucket ${Name}`),
    ...(functions.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`),
    ...(layers.Layers ?? []).map(({ LayerName }) => `layer ${LayerName}`),
    ...(logGroups.logGroups ?? []).map(({ logGroupName }) => `log group ${logGroupName}`),
    ...(policies.Policies ?? []).map(({ PolicyName }) => `policy ${PolicyName}`),
    ...(queues.QueueUrls ?? []).map((url) => `queue ${url.split("/").at(-1)}`),
    ...(roles.Roles ?? []).map(({ RoleName }) => `role ${RoleName}`),
    ...(rules.Rules ?? []).map(({ Name }) => `rule ${Name}`),
    ...(machines.stateMachines ?? []).map(({ name }) => `state machine ${name}`),
  ].sort();
}

/** What `whatIsThere` finds where the pipeline of an environment, and nothing else, was deployed. */
export function onePipeline(environmentName: string, buckets: readonly string[]): readonly string[] {
  return [
    `API ImageResizeAPI-${environmentName}`,
    ...buckets.map((bucket) => `bucket ${bucket}`),
    `function ImageExecutionStatusFunction-${environmentName}`,
    `function ImageResizeFunction-${environmentName}`,
    `layer ImageResizeSharpLayer-${environmentName}`,
    `log group /aws/lambda/ImageExecutionStatusFunction-${environmentName}`,
    `log group /aws/lambda/ImageResizeFunction-${environmentName}`,
    `log group /aws/vendedlogs/apis/ImageResizeAPI-${environmentName}`,
    `log group /aws/vendedlogs/states/ImageProcessingStateMachine-${environmentName}`,
    `queue ImageUploadedDeadLetters-${environmentName}`,
    `role ImageProcessingStateMachine-${environmentName}`,
    `role ImageResizeAPI-${environmentName}`,
    `role ImageExecutionStatusFunction-${environmentName}`,
    `role ImageResizeFunction-${environmentName}`,
    `role ImageUploaded-${environmentName}`,
    `rule ImageUploaded-${environmentName}`,
    `state machine ImageProcessingStateMachine-${environmentName}`,
  ].sort();
}
