import { createHash } from "node:crypto";
import type { Block } from "./block";

/** What the attributes of a resource are computed from, besides its arguments. */
export interface Place {
  readonly region: string;
  readonly accountId: string;
  /** Where the HTTP API of this machine answers. */
  readonly apiUrl: string;
  /** Where the AWS endpoint of this machine answers. */
  readonly awsUrl: string;
}

type Attributes = Readonly<Record<string, (resource: Block, place: Place) => string>>;

/**
 * The resource types the runner acts on, each with the attributes AWS would compute after creation. Any argument can be
 * referred to as well.
 */
export const EMULATED: Readonly<Record<string, Attributes>> = {
  aws_s3_bucket: {
    id: (bucket) => bucket.string("bucket"),
    arn: (bucket) => `arn:aws:s3:::${bucket.string("bucket")}`,
    bucket_regional_domain_name: regionalDomainName,
  },
  "data.aws_s3_bucket": {
    id: (bucket) => bucket.string("bucket"),
    arn: (bucket) => `arn:aws:s3:::${bucket.string("bucket")}`,
    bucket_regional_domain_name: regionalDomainName,
  },
  aws_s3_object: { id: (object) => `${object.string("bucket")}/${object.string("key")}` },
  aws_s3_bucket_policy: { id: (policy) => policy.string("bucket") },
  aws_s3_bucket_cors_configuration: { id: (configuration) => configuration.string("bucket") },
  aws_s3_bucket_versioning: {},
  aws_s3_bucket_public_access_block: { id: (block) => block.string("bucket") },
  aws_s3_bucket_server_side_encryption_configuration: { id: (configuration) => configuration.string("bucket") },
  aws_s3_bucket_notification: { id: (notification) => notification.string("bucket") },
  aws_iam_role: {
    id: (role) => role.string("name"),
    arn: (role, place) => `arn:aws:iam::${place.accountId}:role/${role.string("name")}`,
  },
  aws_iam_role_policy: { id: (policy) => `${policy.string("role")}:${policy.string("name")}` },
  aws_lambda_layer_version: {
    arn: (layer, place) => `arn:aws:lambda:${place.region}:${place.accountId}:layer:${layer.string("layer_name")}:1`,
    layer_arn: (layer, place) =>
      `arn:aws:lambda:${place.region}:${place.accountId}:layer:${layer.string("layer_name")}`,
    version: () => "1",
  },
  aws_lambda_function: {
    id: (fn) => fn.string("function_name"),
    arn: functionArn,
    invoke_arn: (fn, place) =>
      `arn:aws:apigateway:${place.region}:lambda:path/2015-03-31/functions/${functionArn(fn, place)}/invocations`,
  },
  aws_lambda_permission: { id: (permission) => permission.string("statement_id") },
  aws_sfn_state_machine: {
    id: stateMachineArn,
    arn: stateMachineArn,
  },
  aws_apigatewayv2_api: {
    id: apiId,
    arn: (api, place) => `arn:aws:apigateway:${place.region}::/apis/${apiId(api)}`,
    api_endpoint: (_api, place) => place.apiUrl,
    execution_arn: (api, place) => `arn:aws:execute-api:${place.region}:${place.accountId}:${apiId(api)}`,
  },
  aws_apigatewayv2_authorizer: { id: (authorizer) => shortId(authorizer.address) },
  aws_apigatewayv2_integration: { id: (integration) => shortId(integration.address) },
  aws_apigatewayv2_route: { id: (route) => shortId(route.address) },
  aws_apigatewayv2_stage: {
    id: (stage) => stage.string("name"),
    invoke_url: (stage, place) =>
      stage.string("name") === "$default" ? `${place.apiUrl}/` : `${place.apiUrl}/${stage.string("name")}`,
    arn: (stage, place) =>
      `arn:aws:apigateway:${place.region}::/apis/${stage.string("api_id")}/stages/${stage.string("name")}`,
    execution_arn: (stage, place) =>
      `arn:aws:execute-api:${place.region}:${place.accountId}:${stage.string("api_id")}/${stage.string("name")}`,
  },
  aws_cloudwatch_event_rule: {
    id: (rule) => rule.string("name"),
    arn: (rule, place) => `arn:aws:events:${place.region}:${place.accountId}:rule/${rule.string("name")}`,
  },
  aws_cloudwatch_event_target: { id: (target) => shortId(target.address) },
  aws_sqs_queue: {
    id: queueUrl,
    url: queueUrl,
    arn: (queue, place) => `arn:aws:sqs:${place.region}:${place.accountId}:${queue.string("name")}`,
  },
  aws_sqs_queue_policy: { id: (policy) => policy.string("queue_url") },
  aws_sns_topic: { id: topicArn, arn: topicArn },
  aws_sns_topic_policy: { id: (policy) => policy.string("arn") },
  aws_sns_topic_subscription: {},
  aws_cloudfront_origin_access_control: { id: cloudFrontId },
  aws_cloudfront_response_headers_policy: { id: cloudFrontId },
  aws_cloudfront_distribution: {
    id: cloudFrontId,
    arn: (distribution, place) => `arn:aws:cloudfront::${place.accountId}:distribution/${cloudFrontId(distribution)}`,
    // Who reads an output is told this machine's address in its place.
    domain_name: (distribution) => `${cloudFrontId(distribution).toLowerCase()}.cloudfront.net`,
  },
};

/**
 * Resource types that change nothing a request can notice on this machine: they are accepted, and docs/local.md lists
 * them. Any type in neither table is refused.
 */
export const WITHOUT_LOCAL_MEANING: Readonly<Record<string, Attributes>> = {
  aws_s3_bucket_ownership_controls: {},
  aws_s3_bucket_lifecycle_configuration: {},
  aws_cloudwatch_log_group: {
    id: (group) => group.string("name"),
    arn: (group, place) => `arn:aws:logs:${place.region}:${place.accountId}:log-group:${group.string("name")}`,
  },
  aws_cloudwatch_log_metric_filter: { id: (filter) => filter.string("name") },
  aws_cloudwatch_metric_alarm: {
    arn: (alarm, place) => `arn:aws:cloudwatch:${place.region}:${place.accountId}:alarm:${alarm.string("alarm_name")}`,
  },
  aws_cloudwatch_dashboard: {},
};

function regionalDomainName(bucket: Block, place: Place): string {
  return `${bucket.string("bucket")}.s3.${place.region}.amazonaws.com`;
}

function functionArn(fn: Block, place: Place): string {
  return `arn:aws:lambda:${place.region}:${place.accountId}:function:${fn.string("function_name")}`;
}

function stateMachineArn(machine: Block, place: Place): string {
  return `arn:aws:states:${place.region}:${place.accountId}:stateMachine:${machine.string("name")}`;
}

function topicArn(topic: Block, place: Place): string {
  return `arn:aws:sns:${place.region}:${place.accountId}:${topic.string("name")}`;
}

function queueUrl(queue: Block, place: Place): string {
  return `${place.awsUrl}/${place.accountId}/${queue.string("name")}`;
}

function apiId(api: Block): string {
  return shortId(api.string("name"));
}

/** `E` and ten characters, like the ids that CloudFront gives. */
function cloudFrontId({ address }: Block): string {
  return `E${shortId(address).toUpperCase()}`;
}

/** Ten characters that stay the same from run to run, like the ids API Gateway gives. */
function shortId(text: string): string {
  return BigInt(`0x${createHash("sha256").update(text).digest("hex").slice(0, 16)}`)
    .toString(36)
    .padStart(10, "0")
    .slice(0, 10);
}
