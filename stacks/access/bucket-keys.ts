import type { PolicyStatement } from "@image-pipeline/iam-policy";
import type { Environment } from "../../environments/environment";

type Settings = Pick<Environment, "originalBucket" | "encryption" | "region">;

/** What the function needs of the keys of KMS under which originals and renditions are: nothing where there are none. */
export function bucketKeyStatements(environment: Settings): readonly PolicyStatement[] {
  const { originals, own } = keysOf(environment);
  return [
    ...useOfKey("DecryptOriginals", "kms:Decrypt", originals, environment),
    ...useOfKey("EncryptRenditions", "kms:GenerateDataKey", own, environment),
  ];
}

/** What takes the smoke test's pictures through buckets that are encrypted so; see `smokeTestStatements`. */
export function smokeTestKeyStatements(environment: Settings): readonly PolicyStatement[] {
  const { originals, own } = keysOf(environment);
  const uploads = typeof environment.originalBucket === "string" ? originals : undefined;
  return [
    ...useOfKey("EncryptPicturesOfTheSmokeTest", "kms:GenerateDataKey", uploads, environment),
    ...useOfKey("DecryptRenditionsOfTheSmokeTest", "kms:Decrypt", own, environment),
  ];
}

/** What writes the page of what is not there, of the bucket of the renditions; see `writeDeliveryStatements`. */
export function deliveryKeyStatements(environment: Settings): readonly PolicyStatement[] {
  return useOfKey("EncryptNotFoundPage", "kms:GenerateDataKey", keysOf(environment).own, environment);
}

/** What a backfill needs of the key under which its lists and results are: results are written in parts. */
export function backfillKeyStatements(environment: Settings): readonly PolicyStatement[] {
  const { own } = keysOf(environment);
  return useOfKey("UseTheKeyOfResults", ["kms:Decrypt", "kms:GenerateDataKey"], own, environment);
}

function keysOf({ originalBucket, encryption }: Settings) {
  const own = encryption === "sse-s3" ? undefined : encryption.kmsKeyArn;
  return { originals: typeof originalBucket === "string" ? own : originalBucket.kmsKeyArn, own };
}

type KeyAction = "kms:Decrypt" | "kms:GenerateDataKey";

/** By S3 and for S3 alone: https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service */
function useOfKey(
  sid: string,
  action: KeyAction | readonly KeyAction[],
  keyArn: string | undefined,
  { region }: Settings,
): readonly PolicyStatement[] {
  if (keyArn === undefined) return [];
  const Condition = { StringEquals: { "kms:ViaService": `s3.${region}.amazonaws.com` } };
  return [{ Sid: sid, Effect: "Allow", Action: action, Resource: keyArn, Condition }];
}
