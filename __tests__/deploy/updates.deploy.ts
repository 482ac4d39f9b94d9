import { GetFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { dev } from "../../environments/dev";
import { originalBucketName } from "../../environments/original-bucket";
import type { AwsRequest } from "./support/aws-request";
import { DEPLOY_ROLE, DevDeployment, PLAN_ROLE } from "./support/dev-deployment";
import { READING } from "./support/iam-questions";
import { readApi } from "./support/read-back";
import { ANOTHER_TRUST, CHANGED, DEPLOYED, LATER_VERSION, TAKEN_BACK } from "./support/updated-environment";
import { whatIsThere } from "./support/what-is-there";

let deployment: DevDeployment;
/** What Terraform asked of AWS to update the environment, twice, with the deploy role. */
let updating: readonly AwsRequest[];
/** What it asked to plan the second update with the plan role, and the plan. */
let planning: readonly AwsRequest[];
let secondPlan: readonly string[];

beforeAll(async () => {
  deployment = await DevDeployment.start();
  await deployment.become(DEPLOYED);
  await deployment.deploy(["bootstrap-dev", "image-pipeline-dev"]);

  for (const edit of LATER_VERSION) deployment.project.edit(...edit);
  await deployment.become(CHANGED);
  const first = await deployment.update();

  deployment.project.edit(...ANOTHER_TRUST);
  await deployment.become(TAKEN_BACK);
  ({ changes: secondPlan, asked: planning } = await deployment.plan());
  updating = [...first, ...(await deployment.update())];
});

afterAll(() => deployment?.end());

describe("the updates of an environment", () => {
  it("change each of its fields, apart from those that make another pipeline and one that asks nothing of AWS", () => {
    const before = new Map(Object.entries(DEPLOYED));
    const after = new Map(Object.entries({ ...CHANGED, resizeOnUpload: TAKEN_BACK.resizeOnUpload }));
    expect([...before.keys()].filter((field) => before.get(field) === after.get(field))).toEqual([
      "name",
      "accountId",
      "region",
      // bootstrap.deploy.ts moves it.
      "state",
      "originalBucket",
      "resizedBucketName",
      // Terraform's own affair.
      "deletionProtection",
      // switched-on.deploy.ts and delivery.deploy.ts change these.
      "deleteRenditions",
      "backfill",
      "delivery",
    ]);
  });

  it.each<readonly [what: string, action: string, resource: RegExp]>([
    ["memory, presets, Cache-Control", "lambda:UpdateFunctionConfiguration", /:ImageResizeFunction-dev$/],
    ["the handler or the architecture", "lambda:UpdateFunctionCode", /:ImageResizeFunction-dev$/],
    ["reserved concurrency", "lambda:PutFunctionConcurrency", /:ImageResizeFunction-dev$/],
    ["reserved concurrency, back to none", "lambda:DeleteFunctionConcurrency", /:ImageResizeFunction-dev$/],
    ["the layer", "lambda:PublishLayerVersion", /:ImageResizeSharpLayer-dev$/],
    ["the layer", "lambda:DeleteLayerVersion", /:ImageResizeSharpLayer-dev:1$/],
    ["the state machine", "states:UpdateStateMachine", /:ImageProcessingStateMachine-dev$/],
    ["the state machine", "iam:PassRole", /:role\/ImageProcessingStateMachine-dev$/],
    ["throttle and access log", "apigateway:PATCH", /\/stages\/\$default$/],
    ["throttle and access log", "apigateway:PATCH", /\/stages\/dev$/],
    ["the integration", "apigateway:PATCH", /\/integrations\/\w+$/],
    ["CORS", "apigateway:PATCH", /\/apis\/\w+$/],
    ["CORS, back to none", "apigateway:DELETE", /\/apis\/\w+\/cors$/],
    ["log retention", "logs:PutRetentionPolicy", /:\/aws\/lambda\/ImageResizeFunction-dev:/],
    ["days of old versions", "s3:PutLifecycleConfiguration", new RegExp(`:${originalBucketName(dev)}$`)],
    ["a bucket's policy", "s3:PutBucketPolicy", new RegExp(`:${dev.resizedBucketName}$`)],
    ["encryption", "s3:PutEncryptionConfiguration", new RegExp(`:${originalBucketName(dev)}$`)],
    ["encryption", "s3:PutEncryptionConfiguration", new RegExp(`:${dev.resizedBucketName}$`)],
    ["pages that upload, and none again", "s3:PutBucketCORS", new RegExp(`:${originalBucketName(dev)}$`)],
    ["a role's boundary", "iam:PutRolePermissionsBoundary", /:role\/ImageUploaded-dev$/],
    ["a role's policy", "iam:PutRolePolicy", /:role\/ImageResizeAPI-dev$/],
    ["a role's trust", "iam:UpdateAssumeRolePolicy", /:role\/ImageResizeFunction-dev$/],
    ["the rule", "events:PutRule", /:rule\/ImageUploaded-dev$/],
    ["its target", "events:PutTargets", /:rule\/ImageUploaded-dev$/],
    ["its target", "iam:PassRole", /:role\/ImageUploaded-dev$/],
    ["the queue", "sqs:SetQueueAttributes", /:ImageUploadedDeadLetters-dev$/],
    ["upload trigger, off", "s3:PutBucketNotification", new RegExp(`:${originalBucketName(dev)}$`)],
    ["upload trigger, off", "events:DeleteRule", /:rule\/ImageUploaded-dev$/],
    ["upload trigger, off", "sqs:DeleteQueue", /:ImageUploadedDeadLetters-dev$/],
    ["upload trigger, off", "iam:DeleteRole", /:role\/ImageUploaded-dev$/],
    ["a metric filter", "logs:PutMetricFilter", /\/ImageProcessingStateMachine-dev:/],
    ["an alarm", "cloudwatch:PutMetricAlarm", /:alarm:ImagePipeline-dev\.refused$/],
    ["the dashboard", "cloudwatch:PutDashboard", /:dashboard\/ImagePipeline-dev$/],
    ["the topic's key, taken away", "sns:SetTopicAttributes", /:ImagePipelineAlarms-dev$/],
    ["another address", "sns:Subscribe", /:ImagePipelineAlarms-dev$/],
    ["an address less", "sns:Unsubscribe", /:ImagePipelineAlarms-dev:/],
    ["alarms, off", "logs:DeleteMetricFilter", /\/ImageResizeFunction-dev:/],
    ["alarms, off", "cloudwatch:DeleteAlarms", /:alarm:ImagePipeline-dev\.failed$/],
    ["alarms, off", "cloudwatch:DeleteDashboards", /:dashboard\/ImagePipeline-dev$/],
    ["alarms, off", "sns:DeleteTopic", /:ImagePipelineAlarms-dev$/],
    // The provider sets all tags of a bucket at once, with one of two APIs by its version.
    ["tags of a bucket", "s3:(PutBucketTagging|TagResource)", new RegExp(`:${originalBucketName(dev)}$`)],
    ...[
      ["lambda:(Tag|Untag)Resource", /:ImageResizeFunction-dev$/] as const,
      ["states:(Tag|Untag)Resource", /:ImageProcessingStateMachine-dev$/] as const,
      ["apigateway:(Tag|Untag)Resource", /\/apis\/\w+$/] as const,
      ["apigateway:(Tag|Untag)Resource", /\/stages\/dev$/] as const,
      ["logs:(Tag|Untag)Resource", /:\/aws\/lambda\/ImageResizeFunction-dev$/] as const,
      ["events:(Tag|Untag)Resource", /:rule\/ImageUploaded-dev$/] as const,
      ["sns:(Tag|Untag)Resource", /:ImagePipelineAlarms-dev$/] as const,
      ["cloudwatch:(Tag|Untag)Resource", /:alarm:ImagePipeline-dev\.failed$/] as const,
      ["sqs:(Tag|Untag)Queue", /:ImageUploadedDeadLetters-dev$/] as const,
      ["iam:(Tag|Untag)Role", /:role\/ImageResizeAPI-dev$/] as const,
    ].flatMap(([action, resource]) => [
      ["a tag more", action.replace("(Tag|Untag)", "Tag"), resource] as const,
      ["a tag less", action.replace("(Tag|Untag)", "Untag"), resource] as const,
    ]),
  ])("ask, for %s, for %s on %s", (_what, action, resource) => {
    const asked = deployment.questions(updating).filter((question) => new RegExp(`^${action}$`).test(question.action));
    expect(asked.filter((question) => resource.test(question.resource))).not.toEqual([]);
  });

  it("are made in place: only the layer and what belongs to the trigger is ever deleted", () => {
    const deletes = deployment.questions(updating).filter(({ action }) => /:(Delete|DELETE|Remove)/.test(action));
    expect([...new Set(deletes.map(({ action }) => action))].sort()).toEqual([
      "apigateway:DELETE",
      "cloudwatch:DeleteAlarms",
      "cloudwatch:DeleteDashboards",
      "events:DeleteRule",
      "events:RemoveTargets",
      "iam:DeleteRole",
      "iam:DeleteRolePolicy",
      "lambda:DeleteFunctionConcurrency",
      "lambda:DeleteLayerVersion",
      "logs:DeleteMetricFilter",
      "sns:DeleteTopic",
      "sqs:DeleteQueue",
    ]);
    // Tags, CORS and the authorizer of tokens that IAM takes the place of, and no API, route or stage.
    const ofApis = deletes.filter(({ action }) => action === "apigateway:DELETE").map(({ resource }) => resource);
    expect(ofApis.filter((resource) => !/\/tags\/|\/cors$|\/authorizers\//.test(resource))).toEqual([]);
  });

  it("are within what the deploy role may do, all of it", async () => {
    expect(deployment.questions(updating).length).toBeGreaterThan(300);
    expect(await deployment.denied(DEPLOY_ROLE, updating)).toEqual([]);
  });

  it("are planned with the plan role, which may read all that it takes and asks for nothing else", async () => {
    expect(deployment.questions(planning).length).toBeGreaterThan(80);
    expect(deployment.questions(planning).map(({ action }) => action)).toContain(
      "states:ValidateStateMachineDefinition",
    );
    expect(deployment.questions(planning).filter(({ action }) => !READING.test(action))).toEqual([]);
    expect(await deployment.denied(PLAN_ROLE, planning)).toEqual([]);
  });

  it("take effect: the plan of the second has nothing left of the first", () => {
    expect(secondPlan.filter((change) => !change.includes(".alarms_"))).toEqual([
      "update aws_apigatewayv2_api.api_4F59AA66: cors_configuration",
      "delete aws_apigatewayv2_authorizer.api_tokens_DD6B81CB",
      "update aws_apigatewayv2_route.api_get-execution_2F5E723D: authorization_scopes, authorization_type, authorizer_id",
      "update aws_apigatewayv2_route.api_post-process_DACC14CF: authorization_scopes, authorization_type, authorizer_id",
      "update aws_apigatewayv2_route.api_post-resized_77BE5DCE: authorization_scopes, authorization_type, authorizer_id",
      "update aws_apigatewayv2_route.api_put-execution_EE210DDA: authorization_scopes, authorization_type, authorizer_id",
      "delete aws_cloudwatch_event_rule.upload_rule_C08EAEED",
      "delete aws_cloudwatch_event_target.upload_target_166D57FA",
      // The trust changes in this update.
      "update aws_iam_role.api_access_role_7EEB07C1: assume_role_policy",
      "update aws_iam_role.resize_access_role_E040DFC0: assume_role_policy",
      "update aws_iam_role.status_access_role_5E24F685: assume_role_policy",
      "delete aws_iam_role.upload_access_role_D8916C46",
      "update aws_iam_role.workflow_access_role_843FA98A: assume_role_policy",
      "update aws_iam_role_policy.resize_access_policy_B8740D61: policy",
      "delete aws_iam_role_policy.upload_access_policy_444459FB",
      // Moto takes no other architecture for a function that is there.
      "update aws_lambda_function.resize_function_54395A7C: architectures, reserved_concurrent_executions, timeout",
      "update aws_lambda_function.status_function_6C5CA4AA: architectures",
      "delete aws_s3_bucket_cors_configuration.original_cors_825BBF4D",
      "delete aws_s3_bucket_notification.upload_notification_A10C5163",
      "update aws_s3_bucket_server_side_encryption_configuration.original_encryption_16C37156: rule",
      "update aws_s3_bucket_server_side_encryption_configuration.resized_encryption_8C39BC7B: rule",
      "update aws_sfn_state_machine.workflow_machine_588ACABE: definition",
      "delete aws_sqs_queue.upload_dead-letters_2B6DA46C",
      "delete aws_sqs_queue_policy.upload_dead-letters-policy_9B7AF3B0",
    ]);
  });

  it("take the alarms away whole, and change none of them on the way", () => {
    const ofAlarms = secondPlan.filter((change) => change.includes(".alarms_"));
    expect(ofAlarms).toHaveLength(18);
    expect(ofAlarms.filter((change) => !change.startsWith("delete "))).toEqual([]);
  });

  it("take back what was given: reserved concurrency, CORS and the upload trigger", async () => {
    const concurrency = await deployment.aws.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: "ImageResizeFunction-dev" }),
    );
    const { api, stages } = await readApi(deployment.aws, "ImageResizeAPI-dev");
    expect(concurrency.ReservedConcurrentExecutions ?? "none").toBe("none");
    expect(api?.CorsConfiguration ?? "none").toBe("none");
    expect((await whatIsThere(deployment.aws)).filter((name) => name.includes("ImageUploaded"))).toEqual([]);
    expect(stages).toHaveLength(2);
  });
});
