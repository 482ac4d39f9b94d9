import type { Environment } from "./environment";

/** What customers use: protected from deletion, sized for load, logs kept for a quarter. */
export const prod: Environment = {
  name: "prod",
  accountId: "222222222222",
  region: "eu-central-1",
  state: "local",
  permissionsBoundary: false,
  originalBucket: "image-pipeline-prod-original-222222222222",
  resizedBucketName: "image-pipeline-prod-resized-222222222222",
  encryption: "sse-s3",
  architecture: "arm64",
  functionMemoryMb: 1769,
  functionTimeoutSeconds: 30,
  reservedConcurrency: 50,
  logRetentionDays: 90,
  deletionProtection: true,
  noncurrentVersionDays: 30,
  resizeOnUpload: true,
  uploads: {},
  deleteRenditions: false,
  // Twice this, for there are two stages, is below what StartExecution takes here (150 a second, 800 at once), and leaves
  // room for uploads: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  apiThrottle: { rateLimit: 50, burstLimit: 300 },
  apiAuth: "iam",
  cors: "none",
  // Minutes, because a key is written again when its source changes; a cache may show the old one while it asks.
  cacheControl: "public, max-age=300, stale-while-revalidate=86400",
  renditions: {
    thumbnail: { width: 256, height: 256, fit: "inside", format: "source" },
    thumb: { width: 256, height: 256, fit: "inside", format: "source" },
    card: { width: 640, height: 360, fit: "cover", position: "attention", format: "webp" },
    large: { width: 1920, height: 1920, fit: "inside", format: "webp" },
  },
  backfill: "none",
  delivery: "none",
  alarms: { emails: ["image-pipeline@example.com"], encrypted: false, refusedPercent: 30 },
  tags: { project: "image-pipeline", environment: "prod", "managed-by": "cdktf" },
};
