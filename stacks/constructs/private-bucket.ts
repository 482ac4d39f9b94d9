import { S3Bucket } from "@cdktf/provider-aws/lib/s3-bucket";
import { S3BucketCorsConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-cors-configuration";
import { S3BucketLifecycleConfiguration } from "@cdktf/provider-aws/lib/s3-bucket-lifecycle-configuration";
import { S3BucketOwnershipControls } from "@cdktf/provider-aws/lib/s3-bucket-ownership-controls";
import { S3BucketPolicy } from "@cdktf/provider-aws/lib/s3-bucket-policy";
import { S3BucketPublicAccessBlock } from "@cdktf/provider-aws/lib/s3-bucket-public-access-block";
import { S3BucketServerSideEncryptionConfigurationA } from "@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration";
import { S3BucketVersioningA } from "@cdktf/provider-aws/lib/s3-bucket-versioning";
import { type PolicyStatement, policyDocument } from "@image-pipeline/iam-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import type { Environment } from "../../environments/environment";

export interface PrivateBucketProps {
  readonly bucketName: string;
  readonly deletionProtection: boolean;
  readonly noncurrentVersionDays: number;
  /** @default - what is current stays */
  readonly expiration?: { readonly days: number };
  /** Days that parts of an upload are kept which is not complete. @default 7 */
  readonly incompleteUploadDays?: number;
  readonly encryption: Environment["encryption"];
  /** Which pages may upload to it. @default - none */
  readonly uploadCors?: Environment["uploads"]["cors"];
}

// Nobody has to be able to lock the team out of a picture with a key of his own. S3 blocks it by itself since April 2026, and
// a plan that does not say so takes the block off again.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
const BLOCKED_ENCRYPTION_TYPES = ["SSE-C"];

// Nobody resumes an upload that was left alone for a week, and its parts are paid for.
const INCOMPLETE_UPLOAD_DAYS = 7;

/** A private, encrypted, versioned bucket that is reached over TLS 1.2 or newer only. */
export class PrivateBucket extends Construct {
  readonly bucket: S3Bucket;
  /** What an object waits for that Terraform writes: from then on each has a version, and is encrypted as all are. */
  readonly readyForObjects: ITerraformDependable[];
  readonly #policy: S3BucketPolicy;
  readonly #statements: PolicyStatement[];

  constructor(scope: Construct, id: string, props: PrivateBucketProps) {
    super(scope, id);

    this.bucket = new S3Bucket(this, "bucket", {
      bucket: props.bucketName,
      forceDestroy: !props.deletionProtection,
      lifecycle: { preventDestroy: props.deletionProtection },
    });
    const bucket = this.bucket.id;

    const publicAccess = new S3BucketPublicAccessBlock(this, "public-access", {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });

    new S3BucketOwnershipControls(this, "ownership", { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } });

    const encryption = new S3BucketServerSideEncryptionConfigurationA(this, "encryption", {
      bucket,
      rule: [
        {
          ...defaultEncryption(props.encryption),
          blockedEncryptionTypes: BLOCKED_ENCRYPTION_TYPES,
        },
      ],
    });

    if (props.uploadCors) {
      const { allowOrigins, allowHeaders, maxAgeSeconds } = props.uploadCors;
      new S3BucketCorsConfiguration(this, "cors", {
        bucket,
        // A page checks by the ETag that all of a file has arrived.
        corsRule: [
          {
            allowedOrigins: [...allowOrigins],
            allowedMethods: ["PUT", "POST"],
            allowedHeaders: [...allowHeaders],
            exposeHeaders: ["ETag"],
            maxAgeSeconds,
          },
        ],
      });
    }

    const versioning = new S3BucketVersioningA(this, "versioning", {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    this.readyForObjects = [encryption, versioning];

    this.#statements = [
      this.#denyEveryone("TlsOnly", { Bool: { "aws:SecureTransport": "false" } }),
      this.#denyEveryone("Tls12OrNewer", { NumericLessThan: { "s3:TlsVersion": "1.2" } }),
    ];
    this.#policy = new S3BucketPolicy(this, "policy", {
      bucket,
      policy: policyDocument(...this.#statements),
      // S3 refuses two of these changes to one bucket at the same moment (OperationAborted).
      dependsOn: [publicAccess],
    });

    new S3BucketLifecycleConfiguration(this, "lifecycle", {
      bucket,
      rule: [
        {
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: [{ prefix: "" }],
          abortIncompleteMultipartUpload: [
            { daysAfterInitiation: props.incompleteUploadDays ?? INCOMPLETE_UPLOAD_DAYS },
          ],
        },
        {
          id: "expire-noncurrent-versions",
          status: "Enabled",
          filter: [{ prefix: "" }],
          noncurrentVersionExpiration: [{ noncurrentDays: props.noncurrentVersionDays }],
          expiration: [{ expiredObjectDeleteMarker: true }],
        },
        ...(props.expiration
          ? [{ id: "expire-objects", status: "Enabled", filter: [{ prefix: "" }], expiration: [props.expiration] }]
          : []),
      ],
      // A rule about non-current versions is accepted only once there are versions.
      dependsOn: [versioning],
    });
  }

  /** Adds to the policy what lets a service in: a bucket has one policy, and what is let in is known after the bucket. */
  letIn(statement: PolicyStatement): void {
    this.#statements.push(statement);
    this.#policy.policy = policyDocument(...this.#statements);
  }

  /** Apart from one another: a condition with both keys would need both to hold. */
  #denyEveryone(sid: string, condition: Required<PolicyStatement>["Condition"]): PolicyStatement {
    return {
      Sid: sid,
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: [this.bucket.arn, `${this.bucket.arn}/*`],
      Condition: condition,
    };
  }
}

/** With a key of KMS S3 asks for a key of the bucket's own, which saves nearly all of the requests to KMS, and their price. */
function defaultEncryption(encryption: Environment["encryption"]) {
  if (encryption === "sse-s3") return { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
  return {
    applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: encryption.kmsKeyArn },
    bucketKeyEnabled: true,
  };
}
