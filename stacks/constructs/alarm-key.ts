import { KmsAlias } from "@cdktf/provider-aws/lib/kms-alias";
import { KmsKey } from "@cdktf/provider-aws/lib/kms-key";
import { policyDocument } from "@image-pipeline/iam-policy";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";
import { namesOf } from "../../environments/names";

// The shortest that KMS offers; what it encrypts is on its way for seconds.
const DELETION_WINDOW_DAYS = 7;

/**
 * The key of one environment's alarm topic: alarms cannot publish by AWS's own key of SNS. The account's administrator
 * makes it, so that the role that deploys has no right on any key.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export class AlarmKey extends Construct {
  constructor(scope: Construct, id: string, { name, accountId }: Environment) {
    super(scope, id);

    const key = new KmsKey(this, "key", {
      description: `Encrypts what the alarms of the image pipeline ${name} say`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      // In the policy of a key, `*` is the key.
      policy: policyDocument(
        {
          Sid: "AdministeredByTheAccount",
          Effect: "Allow",
          Principal: { AWS: `arn:aws:iam::${accountId}:root` },
          Action: [
            "kms:CancelKeyDeletion",
            "kms:CreateAlias",
            "kms:DeleteAlias",
            "kms:DescribeKey",
            "kms:DisableKey",
            "kms:DisableKeyRotation",
            "kms:EnableKey",
            "kms:EnableKeyRotation",
            "kms:GetKeyPolicy",
            "kms:GetKeyRotationStatus",
            "kms:ListResourceTags",
            "kms:PutKeyPolicy",
            "kms:ScheduleKeyDeletion",
            "kms:TagResource",
            "kms:UntagResource",
            "kms:UpdateAlias",
            "kms:UpdateKeyDescription",
          ],
          Resource: "*",
        },
        {
          Sid: "PublishedByAlarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ),
    });

    new KmsAlias(this, "alias", { name: namesOf(name).alarmKeyAlias, targetKeyId: key.keyId });
  }
}
