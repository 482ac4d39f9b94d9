import type { Environment } from "./environment";

/** Where changes are tried: cheap, quick to destroy, nothing in it is kept for long. */
export const dev: Environment = {
  name: "dev",
  accountId: "111111111111",
  region: "eu-central-1",
  state: "local",
  permissionsBoundary: false,
  originalBucket: "image-pipeline-dev-original-111111111111",
  resizedBucketName: "image-pipeline-dev-resized-111111111111",
  architecture: "arm64",
  functionMemoryMb: 1024,
  functionTimeoutSeconds: 30,
  reservedConcurrency: "none",
  logRetentionDays: 7,
  deletionProtection: false,
  noncurrentVersionDays: 1,
  resizeOnUpload: true,
  apiThrottle: { rateLimit: 50, burstLimit: 100 },
  apiAuth: "none",
  cors: { allowOrigins: ["*"], allowHeaders: ["content-type"], maxAgeSeconds: 300 },
  cacheControl: "public, max-age=60",
  renditions: {
    thumbnail: { width: 256, height: 256, fit: "inside", format: "source" },
    thumb: { width: 256, height: 256, fit: "inside", format: "source" },
    card: { width: 640, height: 360, fit: "cover", position: "attention", format: "webp" },
    large: { width: 1920, height: 1920, fit: "inside", format: "webp" },
  },
  backfill: "none",
  delivery: "none",
  alarms: "none",
  tags: { project: "image-pipeline", environment: "dev", "managed-by": "cdktf" },
};
