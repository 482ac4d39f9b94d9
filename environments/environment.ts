import * as v from "valibot";
import { accountId } from "./account-id";
import { apiAuth, openApiFaults } from "./api-auth";
import { backfill, backfillFaults } from "./backfill";
import { bucketName } from "./bucket-name";
import { cors } from "./cors";
import { deletionFaults } from "./deletions";
import { delivery, deliveryFaults } from "./delivery";
import { arrayOf, bool, choice, type Fault, faultsOf, integer, meaning, orWord, pattern, record } from "./expectations";
import { keyRegionFaults, kmsKeyArn } from "./kms-key";
import { originalBucket } from "./original-bucket";
import { region } from "./region";
import { renditions } from "./rendition";
import { state } from "./state";
import { tags } from "./tags";
import { uploadFaults, uploads } from "./uploads";

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

// A stage of one of these names would shadow the route of the same path.
const ROUTE_NAMES = ["resized", "process", "executions"];

const environmentName = v.pipe(
  pattern(/^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first"),
  v.check((name) => !ROUTE_NAMES.includes(name), `a name that is not a route of the API (${ROUTE_NAMES.join(", ")})`),
);

const alarms = record({
  emails: meaning(
    "who is told; AWS asks each of them once whether that is right",
    arrayOf(pattern(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "an e-mail address")),
  ),
  encrypted: meaning("the topic has the key that the account's bootstrap stack makes for it, a dollar a month", bool),
  refusedPercent: meaning("the share of an hour's pictures that may be refused", integer(1, 100)),
});

const cacheControl = v.pipe(
  pattern(/^[\x20-\x7e]{1,256}$/, "a header value of 1 to 256 printable ASCII characters"),
  v.check(
    (header) => !/(^|[\s,])immutable($|[\s,=])/i.test(header),
    "no immutable, because a key is written again when its source changes",
  ),
);

/** Everything in which one deployment of the pipeline differs from another; docs/configuration.md is made from it. */
export const environment = record({
  name: meaning("suffix of every name, and the name of the API's second stage", environmentName),
  accountId: meaning("the only AWS account it may be deployed to", accountId),
  region: meaning("where it is deployed", region),
  state: meaning("where Terraform keeps its state: S3 with native locking, or a file of this folder", state),
  permissionsBoundary: meaning(
    "the roles carry the boundary of the account's bootstrap stack; its deploy role can make no other",
    bool,
  ),
  originalBucket: meaning(
    "the bucket of the originals: see [a bucket that is there already](buckets.md#a-bucket-that-is-there-already)",
    originalBucket,
  ),
  resizedBucketName: meaning("the bucket of the renditions", bucketName),
  encryption: meaning(
    "how the buckets that the stack makes encrypt: see [encryption](buckets.md#encryption)",
    orWord(
      "sse-s3",
      record({ kmsKeyArn: meaning("the key of new objects", kmsKeyArn) }),
      '"sse-s3", or the key of KMS to use',
    ),
  ),
  architecture: meaning("instruction set of the function and its layer", choice(["arm64", "x86_64"])),
  // From 512: on less, the process outgrows its memory on ordinary photos (305 MB were seen after 400 of them).
  functionMemoryMb: meaning("memory of the function, in MB", integer(512, 10_240)),
  functionTimeoutSeconds: meaning("time the function has for a picture", integer(1, 900)),
  reservedConcurrency: meaning(
    "sandboxes of the function at once; AWS keeps 100 of the account's limit unreserved, and a new account's limit can be 10",
    orWord("none", integer(1, 1_000)),
  ),
  logRetentionDays: meaning("days that every log group keeps", choice(LOG_RETENTION_DAYS)),
  deletionProtection: meaning(
    "Terraform refuses to destroy the buckets, and a bucket with objects in it is never emptied",
    bool,
  ),
  noncurrentVersionDays: meaning("days that a replaced or deleted version of an object is kept", integer(1, 3_650)),
  resizeOnUpload: meaning("an upload to the bucket of the originals starts an execution", bool),
  uploads: meaning("which uploads, and from where; `{}` for all: see [uploads](buckets.md#uploads)", uploads),
  deleteRenditions: meaning(
    "a delete marker on an original deletes its renditions: see [deletions](operations.md#deletions)",
    bool,
  ),
  // The account's own limit, which a stage cannot raise: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  apiThrottle: meaning(
    "on **each of the two stages**: see [below](#the-throttle-and-the-quota-of-startexecution)",
    record({
      rateLimit: meaning("requests a second", integer(1, 10_000)),
      burstLimit: meaning("requests at once", integer(1, 5_000)),
    }),
  ),
  apiAuth: meaning(
    "who may call the API, on all routes alike: everyone, who IAM lets, or who has a token (JWT); `none` is refused with `deletionProtection`",
    apiAuth,
  ),
  cors: meaning("which browser origins may call the API", orWord("none", cors)),
  cacheControl: meaning(
    "`Cache-Control` of every object written; without `immutable`, because a key is written again when its source is",
    cacheControl,
  ),
  renditions: meaning(
    "presets by name; `thumbnail` and `thumb` are what the two request forms make when they name none; no name is another one with a hyphen and more",
    renditions,
  ),
  backfill: meaning(
    "a second state machine makes the renditions that are missing of pictures that are there already, and the function may read renditions for it: see [operations](operations.md#backfill)",
    backfill,
  ),
  delivery: meaning("the renditions are delivered to browsers by CloudFront: see [delivery](delivery.md)", delivery),
  alarms: meaning(
    "who is told when something fails, and a dashboard: see [operations](operations.md#alarms)",
    orWord("none", alarms),
  ),
  tags: meaning("tags of every resource that takes tags", tags),
});

export type Environment = v.InferOutput<typeof environment>;

/** All faults of one environment, each with its path below `path`; an empty list means it can be deployed. */
export function environmentFaults(value: unknown, path: string): Fault[] {
  return [
    ...faultsOf(environment, value, path),
    ...openApiFaults(value, path),
    ...backfillFaults(value, path),
    ...deliveryFaults(value, path),
    ...keyRegionFaults(value, path),
    ...uploadFaults(value, path),
    ...deletionFaults(value, path),
  ];
}
