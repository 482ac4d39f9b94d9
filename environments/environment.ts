import { accountId } from "./account-id";
import { bucketNameFaults } from "./bucket-name";
import { arrayOf, bool, type Check, choice, type Fault, integer, orNone, pattern, record } from "./expectations";
import { region } from "./region";
import { type Rendition, renditions } from "./rendition";
import { type State, state } from "./state";
import { tags } from "./tags";

/** Which browser origins may call the HTTP API. */
export interface Cors {
  readonly allowOrigins: readonly string[];
  readonly allowHeaders: readonly string[];
  /** Seconds a browser may keep the answer to a preflight request. */
  readonly maxAgeSeconds: number;
}

/** Everything in which one deployment of the pipeline differs from another. */
export interface Environment {
  /** Suffix of every name, and the name of the API's second stage. */
  readonly name: string;
  /** The only AWS account this environment may be deployed to: 12 digits. */
  readonly accountId: string;
  readonly region: string;
  readonly state: State;
  /** The pipeline's roles carry the boundary that the account's bootstrap stack made; its deploy role can make no other. */
  readonly permissionsBoundary: boolean;
  readonly originalBucketName: string;
  readonly resizedBucketName: string;
  /** Instruction set of the function and its layer, in Lambda's own names. */
  readonly architecture: "arm64" | "x86_64";
  readonly functionMemoryMb: number;
  readonly functionTimeoutSeconds: number;
  /** Sandboxes of the function that may run at once; `none` leaves it to the account's limit. */
  readonly reservedConcurrency: number | "none";
  readonly logRetentionDays: number;
  /** Terraform refuses to destroy the buckets, and a bucket with objects in it is never emptied. */
  readonly deletionProtection: boolean;
  /** Days that a replaced or deleted version of an object is kept. */
  readonly noncurrentVersionDays: number;
  /** Start an execution for each object uploaded to the original bucket. */
  readonly resizeOnUpload: boolean;
  /** Throttle of each API stage: requests per second, and requests at once. */
  readonly apiThrottle: { readonly rateLimit: number; readonly burstLimit: number };
  readonly cors: Cors | "none";
  /** `Cache-Control` of every object written; keys are written again, so it cannot be `immutable`. */
  readonly cacheControl: string;
  /** By name; `thumbnail` and `thumb` are what the two request forms make when they name none. */
  readonly renditions: Readonly<Record<string, Rendition>>;
  /** Tags of every resource that takes tags. */
  readonly tags: Readonly<Record<string, string>>;
}

// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

// A stage of one of these names would shadow the route of the same path.
const ROUTE_NAMES = ["resized", "process"];

const environmentName: Check = (value, path) => {
  if (typeof value === "string" && ROUTE_NAMES.includes(value)) {
    return [{ path, expected: `a name that is not a route of the API (${ROUTE_NAMES.join(", ")})`, received: value }];
  }
  return pattern(/^[a-z][a-z0-9-]{0,15}$/, "1 to 16 lower-case letters, digits and hyphens, a letter first")(
    value,
    path,
  );
};

const cacheControl: Check = (value, path) => {
  if (typeof value === "string" && /(^|[\s,])immutable($|[\s,=])/i.test(value)) {
    return [
      { path, expected: "no immutable, because a key is written again when its source changes", received: value },
    ];
  }
  return pattern(/^[\x20-\x7e]{1,256}$/, "a header value of 1 to 256 printable ASCII characters")(value, path);
};

const environment = record<Environment>({
  name: environmentName,
  accountId,
  region,
  state,
  permissionsBoundary: bool,
  originalBucketName: bucketNameFaults,
  resizedBucketName: bucketNameFaults,
  architecture: choice(["arm64", "x86_64"]),
  // From 512: on less, the process outgrows its memory on ordinary photos (305 MB were seen after 400 of them).
  functionMemoryMb: integer(512, 10_240),
  functionTimeoutSeconds: integer(1, 900),
  reservedConcurrency: orNone(integer(1, 1_000)),
  logRetentionDays: choice(LOG_RETENTION_DAYS),
  deletionProtection: bool,
  noncurrentVersionDays: integer(1, 3_650),
  resizeOnUpload: bool,
  // The account's own limit, which a stage cannot raise: https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
  apiThrottle: record<Environment["apiThrottle"]>({ rateLimit: integer(1, 10_000), burstLimit: integer(1, 5_000) }),
  cors: orNone(
    record<Cors>({
      allowOrigins: arrayOf(pattern(/^(\*|https?:\/\/[^/\s]+)$/, 'an origin such as "https://example.com", or "*"')),
      allowHeaders: arrayOf(pattern(/^(\*|[a-z0-9-]+)$/i, 'the name of a header, or "*"')),
      maxAgeSeconds: integer(0, 86_400),
    }),
  ),
  cacheControl,
  renditions,
  tags,
});

/** All faults of one environment, each with its path below `path`; an empty list means it can be deployed. */
export function environmentFaults(value: unknown, path: string): Fault[] {
  return environment(value, path);
}
