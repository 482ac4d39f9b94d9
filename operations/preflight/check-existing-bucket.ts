import {
  GetBucketEncryptionCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketVersioningCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { Environment } from "../../environments/environment";
import type { OriginalBucket } from "../../environments/original-bucket";
import { isAnswerOfAws } from "../answer-of-aws";
import { whose } from "./check-buckets";
import { type Answer, type Finding, finding, fix, look, ok } from "./finding";

type ExistingBucket = Exclude<OriginalBucket, string>;

/** A bucket that the stack only reads: what its owner has to have set, for nobody else will. */
export async function checkExistingBucket(
  s3: S3Client,
  bucket: ExistingBucket,
  environment: Environment,
): Promise<readonly Finding[]> {
  const { name } = bucket;
  const there = await finding("original bucket", "s3:ListBucket", () => checkThere(s3, name, environment));
  // Of a bucket that is not there, or not ours, nothing can be asked.
  if (there.verdict === "fix") return [there];
  return [
    there,
    ...(await Promise.all([
      finding("its events", "s3:GetBucketNotification", () => checkEvents(s3, name)),
      finding("its versions", "s3:GetBucketVersioning", () => checkVersions(s3, name, environment)),
      finding("its encryption", "s3:GetEncryptionConfiguration", () => checkEncryption(s3, bucket, environment.name)),
    ])),
  ];
}

async function checkThere(s3: S3Client, name: string, environment: Environment): Promise<Answer> {
  const bucket = await whose(s3, name, environment.accountId);
  const mend = `mend ${environment.name}.originalBucket`;
  switch (bucket.is) {
    case "free":
      return fix(`${name} does not exist`, `${mend}, or give the name alone and the stack makes it`);
    case "taken":
      return fix(`${name} is another account's`, `${mend}: it has to be a bucket of ${environment.accountId}`);
    case "ours":
      return bucket.region === environment.region
        ? ok(`${name} is there`)
        : fix(`${name} is in ${bucket.region}, and so are its events`, `${mend}, or ${environment.name}.region`);
  }
}

async function checkEvents(s3: S3Client, name: string): Promise<Answer> {
  const { EventBridgeConfiguration } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket: name }));
  if (EventBridgeConfiguration !== undefined) return ok("EventBridge is on");
  const answer = fix("EventBridge is off: no upload starts anything", "run the two commands below");
  return { ...answer, commands: turnEventBridgeOn(name) };
}

const FILE = "notification.json";

/** A put replaces the whole configuration, so what is there goes back with it. */
export const turnEventBridgeOn = (bucket: string): readonly string[] => [
  `aws s3api get-bucket-notification-configuration --bucket ${bucket} --output json --query 'merge(@, \`{"EventBridgeConfiguration": {}}\`)' > ${FILE}`,
  `aws s3api put-bucket-notification-configuration --bucket ${bucket} --notification-configuration file://${FILE}`,
];

async function checkVersions(s3: S3Client, bucket: string, { name, deleteRenditions }: Environment): Promise<Answer> {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  if (Status === "Enabled") return ok("kept");
  // Only a delete marker says that a picture is gone, and without versions there are none.
  return deleteRenditions
    ? fix("none are kept: no deletion is heard of", `switch versioning on, or ${name}.deleteRenditions off`)
    : look("none are kept", "nothing, unless deletions are to delete renditions one day");
}

/** Without a key named in the configuration it is the one that KMS keeps for S3, which the account may use. */
async function checkEncryption(s3: S3Client, bucket: ExistingBucket, environment: string): Promise<Answer> {
  const { algorithm, key } = await encryptionOf(s3, bucket.name);
  const field = `${environment}.originalBucket.kmsKeyArn`;
  const { kmsKeyArn } = bucket;
  if (key === undefined) {
    const found = `new objects: ${algorithm}, without a key of your own`;
    return kmsKeyArn === undefined
      ? ok(found)
      : look(found, `take ${field} out, unless older objects are under that key`);
  }
  const found = `new objects: ${algorithm} by ${key}`;
  // The id alone may stand there, and it may be an alias, which says nothing of the key.
  if (kmsKeyArn !== undefined && (key === kmsKeyArn || kmsKeyArn.endsWith(`:key/${key}`))) return ok(found);
  if (/(^|:)alias\//.test(key)) return look(found, `compare ${field} with aws kms describe-key --key-id ${key}`);
  return fix(found, `set ${field} to it, or the function can read none of them`);
}

async function encryptionOf(s3: S3Client, name: string) {
  try {
    const answer = await s3.send(new GetBucketEncryptionCommand({ Bucket: name }));
    const { SSEAlgorithm = "AES256", KMSMasterKeyID } =
      answer.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault ?? {};
    return { algorithm: SSEAlgorithm, key: KMSMasterKeyID };
  } catch (error) {
    // Of a bucket from before January 2023 nothing may be set; S3 encrypts all the same.
    if (isAnswerOfAws(error) && error.name === "ServerSideEncryptionConfigurationNotFoundError")
      return { algorithm: "AES256", key: undefined };
    throw error;
  }
}
