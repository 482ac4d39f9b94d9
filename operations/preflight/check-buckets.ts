import { GetBucketVersioningCommand, HeadBucketCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Environment } from "../../environments/environment";
import { isAnswerOfAws } from "../answer-of-aws";
import { type Answer, fix, look, ok } from "./finding";

/** A bucket as HEAD shows it to its owner, and to anybody else. */
type Whose = { readonly is: "free" } | { readonly is: "taken" } | { readonly is: "ours"; readonly region: string };

/** A bucket of the environment: its name is free, or this account has it. */
export async function checkBucket(s3: S3Client, name: string, environment: Environment): Promise<Answer> {
  const bucket = await whose(s3, name, environment.accountId);
  switch (bucket.is) {
    case "free":
      return ok(`${name} is free`);
    case "taken":
      return fix(`${name} is taken by another account`, `choose another name in environments/${environment.name}.ts`);
    case "ours":
      if (bucket.region !== environment.region) {
        return fix(`${name} is in ${bucket.region}, not in ${environment.region}`, "choose another name, or move it");
      }
      return look(
        `${name} is this account's`,
        "nothing where this stack made it; else choose another name, or import it",
      );
  }
}

/** The bucket that the environment's state is kept in. */
export async function checkState(s3: S3Client, { name, accountId, state }: Environment): Promise<Answer> {
  if (state === "local")
    return look("a file in the project folder", "fine for one person; for a team, see docs/state-and-access.md");
  const bucket = await whose(s3, state.bucket, accountId);
  if (bucket.is === "free") {
    return fix(`${state.bucket} does not exist`, "deploy the account's bootstrap stack first");
  }
  if (bucket.is === "taken") return fix(`${state.bucket} is another account's`, `mend ${name}.state`);
  return bucket.region === state.region
    ? versioned(s3, state.bucket)
    : fix(`${state.bucket} is in ${bucket.region}, not in ${state.region}`, `mend ${name}.state.region`);
}

async function versioned(s3: S3Client, bucket: string): Promise<Answer> {
  const { Status } = await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }));
  return Status === "Enabled"
    ? ok(`${bucket}, with versions`)
    : fix(`${bucket} keeps no versions`, "switch versioning on, or a broken state is gone for good");
}

const FORBIDDEN = 403;
const NOT_FOUND = 404;

/** S3 answers 403 where the bucket is not the expected owner's. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-owner-condition.html */
export async function whose(s3: S3Client, bucket: string, accountId: string): Promise<Whose> {
  try {
    const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: accountId }));
    return { is: "ours", region: BucketRegion ?? "us-east-1" };
  } catch (error) {
    const status = isAnswerOfAws(error) ? statusOf(error) : undefined;
    if (status === NOT_FOUND) return { is: "free" };
    if (status === FORBIDDEN) return { is: "taken" };
    throw error;
  }
}

function statusOf(error: Error): number | undefined {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return undefined;
  const { $metadata: metadata } = error;
  return "httpStatusCode" in metadata && typeof metadata.httpStatusCode === "number"
    ? metadata.httpStatusCode
    : undefined;
}
