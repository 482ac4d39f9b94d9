import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeRuleCommand } from "@aws-sdk/client-eventbridge";
import { GetFunctionCommand, GetFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { DescribeStateMachineCommand, ListStateMachinesCommand } from "@aws-sdk/client-sfn";
import type { Environment } from "../../../environments/environment";
import { originalBucketName } from "../../../environments/original-bucket";
import { stateMachineDefinition } from "../../../stacks/state-machine-definition";
import { only, type Terraform } from "../../support/synthesized";
import type { AwsClients } from "./aws-clients";
import { readApi, readBucket, readQueue, readRole, readTarget, tlsOnly } from "./read-back";
import { onePipeline, whatIsThere } from "./what-is-there";

/**
 * Reads a pipeline back from an account that holds nothing else, promise by promise. `deployed` is asked when a test
 * runs, for nothing is deployed yet when the tests are named.
 */
export function keepsItsPromises(
  environment: Environment,
  deployed: () => { readonly aws: AwsClients; readonly terraform: Terraform },
): void {
  const { name } = environment;
  const buckets = [originalBucketName(environment), environment.resizedBucketName];
  const arn = (service: string, resource: string) =>
    `arn:aws:${service}:${environment.region}:${environment.accountId}:${resource}`;
  const functionArn = arn("lambda", `function:ImageResizeFunction-${name}`);
  const statusFunctionArn = arn("lambda", `function:ImageExecutionStatusFunction-${name}`);
  const stateMachineArn = arn("states", `stateMachine:ImageProcessingStateMachine-${name}`);

  it("is there, and nothing else is", async () => {
    expect(await whatIsThere(deployed().aws)).toEqual(onePipeline(name, buckets));
  });

  describe.each(buckets)("bucket %s", (bucket) => {
    it("is not public, whatever an ACL or a policy may say", async () => {
      expect((await readBucket(deployed().aws, bucket)).publicAccess).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    });

    it("is reached over TLS 1.2 or newer only", async () => {
      expect((await readBucket(deployed().aws, bucket)).statements).toEqual(tlsOnly(bucket));
    });

    it("is encrypted, and its objects are the owner's", async () => {
      expect(await readBucket(deployed().aws, bucket)).toMatchObject({
        encryption: ["AES256"],
        ownership: ["BucketOwnerEnforced"],
      });
    });

    it("keeps older versions as long as the environment says", async () => {
      const { versioning, lifecycle } = await readBucket(deployed().aws, bucket);
      expect(versioning).toBe("Enabled");
      expect(lifecycle).toEqual(
        expect.arrayContaining([
          expect.objectContaining({
            Status: "Enabled",
            NoncurrentVersionExpiration: { NoncurrentDays: environment.noncurrentVersionDays },
          }),
          expect.objectContaining({
            Status: "Enabled",
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
          }),
        ]),
      );
    });
  });

  it.each([
    [
      `ImageResizeFunction-${name}`,
      "lambda.amazonaws.com",
      [
        ["s3:GetObject", `arn:aws:s3:::${originalBucketName(environment)}/*`],
        ["s3:PutObject", `arn:aws:s3:::${environment.resizedBucketName}/*`],
        ["logs:CreateLogStream", arn("logs", `log-group:/aws/lambda/ImageResizeFunction-${name}:*`)],
        ["logs:PutLogEvents", arn("logs", `log-group:/aws/lambda/ImageResizeFunction-${name}:*`)],
        ["xray:PutTraceSegments", "*"],
        ["xray:PutTelemetryRecords", "*"],
      ],
    ],
    [
      `ImageProcessingStateMachine-${name}`,
      "states.amazonaws.com",
      [
        ["lambda:InvokeFunction", functionArn],
        ["logs:CreateLogDelivery", "*"],
        ["logs:GetLogDelivery", "*"],
        ["logs:UpdateLogDelivery", "*"],
        ["logs:DeleteLogDelivery", "*"],
        ["logs:ListLogDeliveries", "*"],
        ["logs:PutResourcePolicy", "*"],
        ["logs:DescribeResourcePolicies", "*"],
        ["logs:DescribeLogGroups", "*"],
        ["xray:PutTraceSegments", "*"],
        ["xray:PutTelemetryRecords", "*"],
        ["xray:GetSamplingRules", "*"],
        ["xray:GetSamplingTargets", "*"],
      ],
    ],
    [
      `ImageResizeAPI-${name}`,
      "apigateway.amazonaws.com",
      [
        ["states:StartExecution", stateMachineArn],
        ["lambda:InvokeFunction", statusFunctionArn],
      ],
    ],
    [
      `ImageExecutionStatusFunction-${name}`,
      "lambda.amazonaws.com",
      [
        ["states:DescribeExecution", arn("states", `execution:ImageProcessingStateMachine-${name}:*`)],
        ["logs:CreateLogStream", arn("logs", `log-group:/aws/lambda/ImageExecutionStatusFunction-${name}:*`)],
        ["logs:PutLogEvents", arn("logs", `log-group:/aws/lambda/ImageExecutionStatusFunction-${name}:*`)],
        ["xray:PutTraceSegments", "*"],
        ["xray:PutTelemetryRecords", "*"],
      ],
    ],
    [`ImageUploaded-${name}`, "events.amazonaws.com", [["states:StartExecution", stateMachineArn]]],
  ])("role %s is for %s alone and may do exactly what it is for", async (roleName, service, allowed) => {
    const role = await readRole(deployed().aws, roleName);
    expect(role.trust).toMatchObject([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
    expect(role.attached).toEqual([]);
    expect(
      role.statements.flatMap(({ Effect, Action, Resource }) =>
        [Action].flat().map((action) => [Effect, action, Resource]),
      ),
    ).toEqual(allowed.map((statement) => ["Allow", ...statement]));
  });

  it("runs the code that was built, sized as the environment says", async () => {
    const { Configuration } = await deployed().aws.lambda.send(
      new GetFunctionCommand({ FunctionName: `ImageResizeFunction-${name}` }),
    );
    const built = only(
      deployed().terraform,
      "aws_lambda_function",
      ({ function_name }) => function_name === `ImageResizeFunction-${name}`,
    );
    expect(Configuration).toMatchObject({
      CodeSha256: built.source_code_hash,
      Handler: "index.handler",
      Architectures: [environment.architecture],
      MemorySize: environment.functionMemoryMb,
      Timeout: environment.functionTimeoutSeconds,
      Layers: [{ Arn: arn("lambda", `layer:ImageResizeSharpLayer-${name}:1`) }],
      TracingConfig: { Mode: "Active" },
      Environment: {
        Variables: {
          ORIGINAL_BUCKET: originalBucketName(environment),
          RESIZED_BUCKET: environment.resizedBucketName,
          RENDITIONS: JSON.stringify(environment.renditions),
          CACHE_CONTROL: environment.cacheControl,
        },
      },
    });
  });

  it("reserves the concurrency that the environment says", async () => {
    const { ReservedConcurrentExecutions = "none" } = await deployed().aws.lambda.send(
      new GetFunctionConcurrencyCommand({ FunctionName: `ImageResizeFunction-${name}` }),
    );
    expect(ReservedConcurrentExecutions).toBe(environment.reservedConcurrency);
  });

  it("runs the state machine of the design, logged and traced", async () => {
    const { stateMachines = [] } = await deployed().aws.states.send(new ListStateMachinesCommand({}));
    const machine = await deployed().aws.states.send(
      new DescribeStateMachineCommand({ stateMachineArn: stateMachines[0]?.stateMachineArn }),
    );
    const { functionTimeoutSeconds } = environment;
    expect(JSON.parse(machine.definition ?? "")).toEqual(
      stateMachineDefinition({ functionArn, functionTimeoutSeconds }),
    );
    expect(machine).toMatchObject({
      type: "STANDARD",
      roleArn: `arn:aws:iam::${environment.accountId}:role/ImageProcessingStateMachine-${name}`,
      loggingConfiguration: { level: "ALL", includeExecutionData: true },
      tracingConfiguration: { enabled: true },
    });
  });

  it("starts executions with the request body, and says how they ended, in both stages", async () => {
    const { routes, stages, integrations } = await readApi(deployed().aws, `ImageResizeAPI-${name}`);
    const starts = integrations.filter(({ IntegrationSubtype }) => IntegrationSubtype !== undefined);
    const others = integrations.filter(({ IntegrationSubtype }) => IntegrationSubtype === undefined);
    const targetOf = (executionName?: string) =>
      `integrations/${starts.find(({ RequestParameters }) => RequestParameters?.Name === executionName)?.IntegrationId}`;
    expect(routes.map(({ RouteKey, Target }) => [RouteKey, Target]).sort()).toEqual([
      ["GET /executions/{name}", `integrations/${others[0]?.IntegrationId}`],
      ["POST /process", targetOf()],
      ["POST /resized", targetOf()],
      ["PUT /executions/{name}", targetOf("$request.path.name")],
    ]);
    expect(stages.map(({ StageName }) => StageName).sort()).toEqual(["$default", name]);
    const start = {
      IntegrationSubtype: "StepFunctions-StartExecution",
      CredentialsArn: `arn:aws:iam::${environment.accountId}:role/ImageResizeAPI-${name}`,
      RequestParameters: { StateMachineArn: stateMachineArn, Input: "$request.body" },
    };
    const status = {
      IntegrationUri: expect.stringContaining(statusFunctionArn),
      CredentialsArn: start.CredentialsArn,
      PayloadFormatVersion: "2.0",
    };
    expect(starts).toMatchObject([start, start]);
    expect(others).toMatchObject([status]);
  });

  it("asks of its callers on every route what the environment says", async () => {
    const { routes } = await readApi(deployed().aws, `ImageResizeAPI-${name}`);
    const { apiAuth } = environment;
    const type = apiAuth === "none" ? "NONE" : apiAuth === "iam" ? "AWS_IAM" : "JWT";
    expect(new Set(routes.map(({ AuthorizationType }) => AuthorizationType))).toEqual(new Set([type]));
  });

  it("throttles and logs every stage", async () => {
    const { stages } = await readApi(deployed().aws, `ImageResizeAPI-${name}`);
    const expected = {
      DefaultRouteSettings: {
        ThrottlingRateLimit: environment.apiThrottle.rateLimit,
        ThrottlingBurstLimit: environment.apiThrottle.burstLimit,
      },
      AccessLogSettings: { DestinationArn: arn("logs", `log-group:/aws/vendedlogs/apis/ImageResizeAPI-${name}`) },
    };
    expect(stages).toMatchObject([expected, expected]);
  });

  it("answers browsers of the origins that the environment says", async () => {
    const { api } = await readApi(deployed().aws, `ImageResizeAPI-${name}`);
    expect(api?.CorsConfiguration?.AllowOrigins ?? "none").toEqual(
      environment.cors === "none" ? "none" : environment.cors.allowOrigins,
    );
  });

  it("keeps every log as long as the environment says", async () => {
    const { logGroups = [] } = await deployed().aws.logs.send(new DescribeLogGroupsCommand({}));
    expect(logGroups.map(({ retentionInDays }) => retentionInDays)).toEqual(
      Array(4).fill(environment.logRetentionDays),
    );
  });

  it("starts an execution for each upload, and keeps what it could not start", async () => {
    const rule = await deployed().aws.events.send(new DescribeRuleCommand({ Name: `ImageUploaded-${name}` }));
    expect(rule.State).toBe("ENABLED");
    expect(JSON.parse(rule.EventPattern ?? "")).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: {
        bucket: { name: [originalBucketName(environment)] },
        object: { key: [{ "anything-but": { suffix: "/" } }], size: [{ numeric: [">", 0] }] },
      },
    });
    expect(await readTarget(deployed().aws, `ImageUploaded-${name}`)).toMatchObject([
      {
        Arn: stateMachineArn,
        RoleArn: `arn:aws:iam::${environment.accountId}:role/ImageUploaded-${name}`,
        InputTransformer: {
          InputPathsMap: { bucket: "$.detail.bucket.name", key: "$.detail.object.key" },
          InputTemplate: `{"bucket": <bucket>, "fileName": <key>, "resizedBucket": "${environment.resizedBucketName}"}`,
        },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: arn("sqs", `ImageUploadedDeadLetters-${name}`) },
      },
    ]);
  });

  it("takes dead letters from that rule alone and keeps them for two weeks, encrypted", async () => {
    const queue = await readQueue(deployed().aws, `ImageUploadedDeadLetters-${name}`);
    expect(queue).toMatchObject({ MessageRetentionPeriod: "1209600", SqsManagedSseEnabled: "true" });
    expect(queue.statements).toEqual([
      {
        Sid: "ReceiveFromTheRule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sqs:SendMessage",
        Resource: arn("sqs", `ImageUploadedDeadLetters-${name}`),
        Condition: { ArnEquals: { "aws:SourceArn": arn("events", `rule/ImageUploaded-${name}`) } },
      },
    ]);
  });
}
