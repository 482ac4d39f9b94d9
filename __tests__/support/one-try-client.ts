import { S3Client } from "@aws-sdk/client-s3";

/** A client of the fake S3 that tries once, so that a fault is seen as it comes. */
export const oneTryClient = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: "eu-central-1",
    forcePathStyle: true,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
