import {
  GetApisCommand,
  GetIntegrationsCommand,
  GetRoutesCommand,
  GetStagesCommand,
} from "@aws-sdk/client-apigatewayv2";
import { ListTargetsByRuleCommand } from "@aws-sdk/client-eventbridge";
import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
} from "@aws-sdk/client-iam";
import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { AwsClients } from "./aws-clients";

/** How a bucket is kept. */
export async function readBucket({ s3 }: AwsClients, Bucket: string) {
  const [publicAccess, policy, encryption, versioning, ownership, lifecycle] = await Promise.all([
    s3.send(new GetPublicAccessBlockCommand({ Bucket })),
    s3.send(new GetBucketPolicyCommand({ Bucket })),
    s3.send(new GetBucketEncryptionCommand({ Bucket })),
    s3.send(new GetBucketVersioningCommand({ Bucket })),
    s3.send(new GetBucketOwnershipControlsCommand({ Bucket })),
    s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  ]);
  return {
    publicAccess: publicAccess.PublicAccessBlockConfiguration,
    statements: statementsOf(policy.Policy),
    encryption: encryption.ServerSideEncryptionConfiguration?.Rules?.map(
      (rule) => rule.ApplyServerSideEncryptionByDefault?.SSEAlgorithm,
    ),
    versioning: versioning.Status,
    ownership: ownership.OwnershipControls?.Rules?.map((rule) => rule.ObjectOwnership),
    lifecycle: lifecycle.Rules ?? [],
  };
}

/** Who may take a role, and everything it may do. */
export async function readRole({ iam }: AwsClients, RoleName: string) {
  const [role, inline, attached] = await Promise.all([
    iam.send(new GetRoleCommand({ RoleName })),
    iam.send(new ListRolePoliciesCommand({ RoleName })),
    iam.send(new ListAttachedRolePoliciesCommand({ RoleName })),
  ]);
  const own = await Promise.all(
    (inline.PolicyNames ?? []).map((PolicyName) => iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }))),
  );
  const shared = await Promise.all(
    (attached.AttachedPolicies ?? []).map(async ({ PolicyArn }) => {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const version = new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId });
      return (await iam.send(version)).PolicyVersion?.Document;
    }),
  );
  return {
    trust: statementsOf(decodeURIComponent(role.Role?.AssumeRolePolicyDocument ?? "")),
    statements: [...own.map(({ PolicyDocument }) => PolicyDocument), ...shared].flatMap((policy) =>
      statementsOf(decodeURIComponent(policy ?? "")),
    ),
    attached: (attached.AttachedPolicies ?? []).map(({ PolicyName }) => PolicyName),
    boundary: role.Role?.PermissionsBoundary?.PermissionsBoundaryArn,
  };
}

/** The HTTP API of a name, with what hangs below it. */
export async function readApi({ apis }: AwsClients, name: string) {
  const { Items = [] } = await apis.send(new GetApisCommand({}));
  const api = Items.find(({ Name }) => Name === name);
  const { ApiId } = api ?? {};
  const [routes, stages, integrations] = await Promise.all([
    apis.send(new GetRoutesCommand({ ApiId })),
    apis.send(new GetStagesCommand({ ApiId })),
    apis.send(new GetIntegrationsCommand({ ApiId })),
  ]);
  return { api, routes: routes.Items ?? [], stages: stages.Items ?? [], integrations: integrations.Items ?? [] };
}

/** What a rule of EventBridge does, and where it puts what it could not deliver. */
export async function readTarget({ events }: AwsClients, Rule: string) {
  const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule }));
  return Targets;
}

/** The attributes of a queue. */
export async function readQueue({ sqs }: AwsClients, QueueName: string) {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
  return { ...Attributes, statements: statementsOf(Attributes.Policy) };
}

function statementsOf(policy: string | undefined): readonly PolicyStatement[] {
  return JSON.parse(policy ?? "").Statement;
}

/** The statements of a bucket that is reached over TLS 1.2 or newer only. */
export function tlsOnly(bucket: string): readonly object[] {
  const everything = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
  };
  return [
    { Sid: "TlsOnly", ...everything, Condition: { Bool: { "aws:SecureTransport": "false" } } },
    { Sid: "Tls12OrNewer", ...everything, Condition: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
