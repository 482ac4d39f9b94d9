import type { IamQuestion } from "../../support/is-allowed";
import type { AwsRequest } from "./aws-request";
import { cloudFrontQuestions } from "./cloudfront-action";
import { lambdaAction } from "./lambda-action";
import { s3Action } from "./s3-action";

/** Matches the actions that look and change nothing. */
export const READING = /:(Describe|Get|GET$|List|Validate)/;

type Body = Readonly<Record<string, unknown>>;

/**
 * The questions that the requests of a Terraform run raise, in their order; a request that is not understood is an
 * error, or it would go unasked.
 */
export function iamQuestions(requests: readonly AwsRequest[], accountId: string): readonly IamQuestion[] {
  const boundaries: Boundaries = new Map();
  return requests.flatMap((request) => questionsOf(request, accountId, boundaries));
}

/** The boundary that each role carries, as the requests so far have set it. */
type Boundaries = Map<string, string>;

function questionsOf(request: AwsRequest, accountId: string, boundaries: Boundaries): readonly IamQuestion[] {
  const [, region, service] =
    /Credential=[^/]+\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers.authorization ?? "") ?? [];
  const path = decodeURIComponent(request.url.split("?")[0] ?? "");
  const arn = (resource: string) => `arn:aws:${service}:${region}:${accountId}:${resource}`;
  const [, target = ""] = /\.(\w+)$/.exec(String(request.headers["x-amz-target"] ?? "")) ?? [];

  switch (service) {
    case undefined: // AssumeRoleWithWebIdentity, which is not signed: the trust policy decides.
    case "sts": // GetCallerIdentity needs no permission.
      return [];
    case "s3":
      return s3Questions(request);
    case "iam":
      return [roleQuestion(new URLSearchParams(request.body), accountId, boundaries)];
    case "apigateway": {
      const { credentialsArn, tags } = bodyOf(request);
      const resource = `arn:aws:apigateway:${region}::${path.replace("/v2", "")}`;
      const untags = path.startsWith("/v2/tags/") && request.method === "DELETE";
      return [
        ask(`apigateway:${request.method}`, resource),
        ...(tags ? [ask("apigateway:TagResource", resource)] : []),
        ...(untags ? [ask("apigateway:UntagResource", resource)] : []),
        ...passRole(credentialsArn, "apigateway.amazonaws.com"),
      ];
    }
    case "lambda":
      return lambdaQuestions(request, path, arn);
    case "states": {
      const { name, stateMachineArn, resourceArn, roleArn } = bodyOf(request);
      const machine = stateMachineArn ?? resourceArn ?? (name && arn(`stateMachine:${name}`)) ?? "*";
      return [ask(`states:${target}`, machine), ...passRole(roleArn, "states.amazonaws.com")];
    }
    case "events": {
      const { Name, Rule, ResourceARN, Targets } = bodyOf(request);
      const roles = (Array.isArray(Targets) ? Targets : []).map(({ RoleArn }) => RoleArn);
      return [
        ask(`events:${target}`, ResourceARN ?? arn(`rule/${Name ?? Rule}`)),
        ...roles.flatMap((role) => passRole(role, "events.amazonaws.com")),
      ];
    }
    case "sqs": {
      const { QueueName, QueueUrl } = bodyOf(request);
      const [name = ""] = String(QueueName ?? QueueUrl)
        .split("/")
        .slice(-1);
      return [ask(`sqs:${target}`, arn(name))];
    }
    case "logs": {
      // A log group is asked for with `:log-stream:` behind it, and an unnamed one when it is searched for by prefix.
      const { logGroupName = "", resourceArn } = bodyOf(request);
      return [ask(`logs:${target}`, resourceArn ?? arn(`log-group:${logGroupName}:log-stream:`))];
    }
    case "sns": {
      const form = new URLSearchParams(request.body);
      const named = form.get("TopicArn") ?? form.get("ResourceArn") ?? form.get("SubscriptionArn");
      return [ask(`sns:${form.get("Action")}`, named ?? arn(String(form.get("Name"))))];
    }
    case "cloudfront": {
      const questions = cloudFrontQuestions(request.method, request.url, accountId);
      if (!questions) throw notUnderstood(request);
      return questions.map(([action, resource]) => ask(action, resource));
    }
    case "monitoring":
      return [cloudWatchQuestion(new URLSearchParams(request.body), region, accountId)];
    default:
      throw notUnderstood(request);
  }
}

/** Of an alarm, or of a dashboard, which has no region. */
function cloudWatchQuestion(form: URLSearchParams, region: string | undefined, accountId: string): IamQuestion {
  const [alarm, dashboard] = ["Alarm", "Dashboard"].map(
    (kind) => form.get(`${kind}Name`) ?? form.get(`${kind}Names.member.1`),
  );
  const resource = dashboard
    ? `arn:aws:cloudwatch::${accountId}:dashboard/${dashboard}`
    : (form.get("ResourceARN") ?? `arn:aws:cloudwatch:${region}:${accountId}:alarm:${alarm}`);
  return ask(`cloudwatch:${form.get("Action")}`, resource);
}

function s3Questions(request: AwsRequest): readonly IamQuestion[] {
  const url = new URL(request.url, "http://s3");
  const [, bucket = "", ...key] = decodeURIComponent(url.pathname).split("/");
  if (bucket === "") throw notUnderstood(request);
  // S3 Control, which AWS provider 6 asks for the tags of a bucket.
  if (bucket === "v20180820" && key[0] === "tags") {
    const action = { GET: "ListTagsForResource", POST: "TagResource", DELETE: "UntagResource" }[request.method];
    return [ask(`s3:${action}`, key.slice(1).join("/"))];
  }
  if (url.searchParams.has("delete")) {
    const keys = [...request.body.matchAll(/<Key>(.*?)<\/Key>/g)].map(([, name]) => `arn:aws:s3:::${bucket}/${name}`);
    return keys.flatMap((object) => [ask("s3:DeleteObject", object), ask("s3:DeleteObjectVersion", object)]);
  }
  const action = s3Action(request.method, [...url.searchParams.keys()], key.join("/") !== "");
  if (!action) throw notUnderstood(request);
  const prefix = url.searchParams.get("prefix");
  const context = prefix === null ? {} : { "s3:prefix": prefix };
  return [{ ...ask(action, [`arn:aws:s3:::${bucket}`, ...key].filter((part) => part !== "").join("/")), context }];
}

// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
const ASKS_FOR_THE_BOUNDARY = ["CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy", "UpdateAssumeRolePolicy"];

function roleQuestion(form: URLSearchParams, accountId: string, boundaries: Boundaries): IamQuestion {
  const [action, role] = [form.get("Action") ?? "", form.get("RoleName") ?? ""];
  const set = form.get("PermissionsBoundary");
  if (set) boundaries.set(role, set);
  const boundary = boundaries.get(role);
  return {
    action: `iam:${action}`,
    resource: `arn:aws:iam::${accountId}:role/${role}`,
    context: boundary && ASKS_FOR_THE_BOUNDARY.includes(action) ? { "iam:PermissionsBoundary": boundary } : {},
  };
}

function lambdaQuestions(request: AwsRequest, path: string, arn: (resource: string) => string): readonly IamQuestion[] {
  const [, tagged] = /^\/[\d-]+\/tags\/(.+)$/.exec(path) ?? [];
  if (tagged !== undefined) {
    const action = { GET: "ListTags", POST: "TagResource", DELETE: "UntagResource" }[request.method];
    return [ask(`lambda:${action}`, tagged)];
  }
  const { FunctionName, Role, Layers } = bodyOf(request);
  const found = lambdaAction(request.method, path, FunctionName);
  if (!found) throw notUnderstood(request);
  return [
    ask(found.action, arn(found.resource)),
    ...passRole(Role, "lambda.amazonaws.com"),
    // A function that uses a layer reads it.
    ...(Array.isArray(Layers) ? Layers : []).map((layer) => ask("lambda:GetLayerVersion", layer)),
  ];
}

const ask = (action: string, resource: unknown): IamQuestion => ({ action, resource: String(resource), context: {} });

/** Giving a role to a service is asked for each time, beside the call that does it. */
function passRole(role: unknown, service: string): readonly IamQuestion[] {
  if (role === undefined) return [];
  return [{ action: "iam:PassRole", resource: String(role), context: { "iam:PassedToService": service } }];
}

function bodyOf({ body }: AwsRequest): Body {
  return body.startsWith("{") ? JSON.parse(body) : {};
}

function notUnderstood({ method, url, headers, body }: AwsRequest): Error {
  return new Error(
    `no IAM action is known for ${method} ${url} ${headers["x-amz-target"] ?? ""} ${body.slice(0, 200)}`,
  );
}
