import { dev } from "../../../environments/dev";
import type { Environment } from "../../../environments/environment";

/** What is deployed first, spelled out so that what follows is a change whatever dev holds. */
export const DEPLOYED: Environment = {
  ...dev,
  permissionsBoundary: false,
  architecture: "arm64",
  functionMemoryMb: 1024,
  functionTimeoutSeconds: 30,
  reservedConcurrency: "none",
  logRetentionDays: 7,
  deletionProtection: false,
  noncurrentVersionDays: 1,
  encryption: "sse-s3",
  resizeOnUpload: true,
  uploads: {},
  apiThrottle: { rateLimit: 50, burstLimit: 100 },
  apiAuth: "none",
  cors: { allowOrigins: ["*"], allowHeaders: ["content-type"], maxAgeSeconds: 300 },
  cacheControl: "public, max-age=60",
  backfill: "none",
  alarms: { emails: ["first@example.com", "second@example.com"], encrypted: true, refusedPercent: 30 },
  tags: { project: "image-pipeline", stays: "as it is", goes: "away" },
};

/** Every field changed that does not make another pipeline, apart from the upload trigger. */
export const CHANGED: Environment = {
  ...DEPLOYED,
  permissionsBoundary: true,
  architecture: "x86_64",
  functionMemoryMb: 2048,
  functionTimeoutSeconds: 60,
  reservedConcurrency: 10,
  logRetentionDays: 14,
  noncurrentVersionDays: 3,
  encryption: { kmsKeyArn: `arn:aws:kms:${dev.region}:${dev.accountId}:key/01234567-89ab-cdef-0123-456789abcdef` },
  uploads: {
    suffixes: [".jpg", ".png"],
    cors: { allowOrigins: ["https://example.com"], allowHeaders: ["content-type"], maxAgeSeconds: 600 },
  },
  apiThrottle: { rateLimit: 80, burstLimit: 160 },
  apiAuth: { issuer: "https://issuer.example", audience: ["pictures"], scopes: ["resize"] },
  cors: { allowOrigins: ["https://example.com"], allowHeaders: ["content-type", "x-request-id"], maxAgeSeconds: 600 },
  cacheControl: "public, max-age=120",
  renditions: { ...DEPLOYED.renditions, tiny: { width: 32, height: 32, fit: "cover", format: "webp" } },
  alarms: { emails: ["first@example.com", "other@example.com"], encrypted: false, refusedPercent: 50 },
  tags: { project: "pictures", stays: "as it is", comes: "in" },
};

/** Deployed together with `CHANGED`: a later version of the project changes what no environment decides. */
export const LATER_VERSION: ReadonlyArray<readonly [file: string, from: string, to: string]> = [
  ["handlers/resize-image/index.ts", "export ", "console.debug('changed');\nexport "],
  ["stacks/state-machine-definition.ts", "MaxAttempts: 6", "MaxAttempts: 5"],
  ["stacks/constructs/private-bucket.ts", '#denyEveryone("TlsOnly"', '#denyEveryone("Tls"'],
  ["stacks/constructs/start-execution-api.ts", 'Sid: "StartTheStateMachine"', 'Sid: "Start"'],
  ["stacks/constructs/start-execution-api.ts", '"1.0"', '"1.0", description: "Starts an execution"'],
  ["stacks/constructs/start-execution-api.ts", 'status: "$context.status"', 'httpStatus: "$context.status"'],
  ["stacks/monitoring/metrics.ts", '"OutputTooLarge",\n', ""],
  ["stacks/monitoring/dashboard.ts", 'title: "HTTP API"', 'title: "API"'],
  ["stacks/constructs/upload-trigger.ts", 'description: "An object', 'description: "A picture'],
  ["stacks/constructs/execution-target.ts", "maximumRetryAttempts: 185", "maximumRetryAttempts: 100"],
  // Not the queue's other attributes, which take the same action: when one is set, Moto forgets the policy.
  ["stacks/constructs/execution-target.ts", 'Sid: "ReceiveFromTheRule"', 'Sid: "Receive"'],
];

/**
 * Deployed one update later: the deploy role may change the trust of a role only once the boundary is on it, and when both
 * change the provider begins with the trust.
 */
export const ANOTHER_TRUST = ["stacks/constructs/service-role.ts", 'Sid: "TakenByTheService"', 'Sid: "Taken"'] as const;

/** What was given, and the upload trigger, taken away again. */
export const TAKEN_BACK: Environment = {
  ...CHANGED,
  functionTimeoutSeconds: 45,
  reservedConcurrency: "none",
  encryption: "sse-s3",
  resizeOnUpload: false,
  uploads: {},
  apiAuth: "iam",
  cors: "none",
  alarms: "none",
};
