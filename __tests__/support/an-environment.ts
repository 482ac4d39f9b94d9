import type { Environment } from "../../environments/environment";

/** A small valid environment; a test states only the fields its promise is about. */
export function anEnvironment(fields: Partial<Environment> = {}): Environment {
  return {
    name: "test",
    accountId: "123456789012",
    region: "eu-west-1",
    state: "local",
    permissionsBoundary: false,
    originalBucket: "test-original",
    resizedBucketName: "test-resized",
    encryption: "sse-s3",
    architecture: "arm64",
    functionMemoryMb: 512,
    functionTimeoutSeconds: 20,
    reservedConcurrency: "none",
    logRetentionDays: 14,
    deletionProtection: true,
    noncurrentVersionDays: 9,
    resizeOnUpload: true,
    uploads: {},
    deleteRenditions: false,
    apiThrottle: { rateLimit: 7, burstLimit: 11 },
    apiAuth: "iam",
    cors: "none",
    cacheControl: "no-store",
    renditions: {
      thumbnail: { width: 256, height: 256, fit: "inside", format: "source" },
      thumb: { width: 256, height: 256, fit: "inside", format: "source" },
    },
    backfill: "none",
    delivery: "none",
    alarms: "none",
    tags: { project: "tests" },
    ...fields,
  };
}
