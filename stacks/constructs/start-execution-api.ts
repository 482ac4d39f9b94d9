import { Apigatewayv2Api } from "@cdktf/provider-aws/lib/apigatewayv2-api";
import { Apigatewayv2Integration } from "@cdktf/provider-aws/lib/apigatewayv2-integration";
import { Apigatewayv2Route } from "@cdktf/provider-aws/lib/apigatewayv2-route";
import { Apigatewayv2Stage } from "@cdktf/provider-aws/lib/apigatewayv2-stage";
import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group";
import type { LambdaFunction } from "@cdktf/provider-aws/lib/lambda-function";
import type { SfnStateMachine } from "@cdktf/provider-aws/lib/sfn-state-machine";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { routeAuthorization } from "./route-authorization";
import { ServiceRole } from "./service-role";

export interface StartExecutionApiProps {
  readonly apiName: string;
  /** The stage beside `$default`. */
  readonly stageName: string;
  readonly stateMachine: SfnStateMachine;
  /** Answers who asks how an execution ended. */
  readonly statusFunction: LambdaFunction;
  readonly logRetentionDays: number;
  readonly apiThrottle: Environment["apiThrottle"];
  readonly apiAuth: Environment["apiAuth"];
  readonly cors: Environment["cors"];
}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html
const ACCESS_LOG_FORMAT = JSON.stringify({
  requestId: "$context.requestId",
  requestTime: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  routeKey: "$context.routeKey",
  status: "$context.status",
  responseLength: "$context.responseLength",
  integrationError: "$context.integrationErrorMessage",
});

/**
 * An HTTP API whose routes start the state machine with the request body as input, with no function in between, and say how
 * an execution ended, with one.
 */
export class StartExecutionApi extends Construct {
  /** Address of the `$default` stage. */
  readonly url: string;
  readonly id: string;

  constructor(scope: Construct, id: string, props: StartExecutionApiProps) {
    super(scope, id);

    const access = new ServiceRole(this, "access", {
      roleName: props.apiName,
      service: "apigateway.amazonaws.com",
      statements: [
        {
          Sid: "StartTheStateMachine",
          Effect: "Allow",
          Action: "states:StartExecution",
          Resource: props.stateMachine.arn,
        },
        {
          Sid: "InvokeTheStatusFunction",
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: props.statusFunction.arn,
        },
      ],
    });

    const api = new Apigatewayv2Api(this, "api", {
      name: props.apiName,
      protocolType: "HTTP",
      ...(props.cors !== "none" && {
        corsConfiguration: {
          allowOrigins: [...props.cors.allowOrigins],
          allowHeaders: [...props.cors.allowHeaders],
          allowMethods: ["GET", "POST", "PUT"],
          maxAge: props.cors.maxAgeSeconds,
        },
      }),
    });

    const startExecution = {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationSubtype: "StepFunctions-StartExecution",
      credentialsArn: access.role.arn,
      payloadFormatVersion: "1.0",
      dependsOn: [access.policy],
    };
    const requestParameters = { StateMachineArn: props.stateMachine.arn, Input: "$request.body" };
    const integration = new Apigatewayv2Integration(this, "start-execution", { ...startExecution, requestParameters });
    // The name makes a start idempotent: https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    const named = new Apigatewayv2Integration(this, "start-named-execution", {
      ...startExecution,
      requestParameters: { ...requestParameters, Name: "$request.path.name" },
    });

    const status = new Apigatewayv2Integration(this, "execution-status", {
      apiId: api.id,
      integrationType: "AWS_PROXY",
      integrationUri: props.statusFunction.invokeArn,
      credentialsArn: access.role.arn,
      payloadFormatVersion: "2.0",
      dependsOn: [access.policy],
    });

    const authorization = routeAuthorization(this, api, props.apiAuth);
    const route = (routeId: string, routeKey: string, { id }: Apigatewayv2Integration) =>
      new Apigatewayv2Route(this, routeId, {
        apiId: api.id,
        routeKey,
        target: `integrations/${id}`,
        ...authorization,
      });
    const routes = [
      route("post-resized", "POST /resized", integration),
      route("post-process", "POST /process", integration),
      route("put-execution", "PUT /executions/{name}", named),
      route("get-execution", "GET /executions/{name}", status),
    ];

    const logGroup = new CloudwatchLogGroup(this, "logs", {
      name: `/aws/vendedlogs/apis/${props.apiName}`,
      retentionInDays: props.logRetentionDays,
    });

    const stage = (stageId: string, name: string) =>
      new Apigatewayv2Stage(this, stageId, {
        apiId: api.id,
        name,
        autoDeploy: true,
        accessLogSettings: { destinationArn: logGroup.arn, format: ACCESS_LOG_FORMAT },
        // Both, always: a stage with other route settings and no throttle of its own refuses everyone with 429.
        defaultRouteSettings: {
          throttlingRateLimit: props.apiThrottle.rateLimit,
          throttlingBurstLimit: props.apiThrottle.burstLimit,
        },
        // A deployment is taken when the stage is made: the routes must be there by then.
        dependsOn: routes,
      });
    stage("default-stage", "$default");
    stage("named-stage", props.stageName);

    this.url = api.apiEndpoint;
    this.id = api.id;
  }
}
