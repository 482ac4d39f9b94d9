/**
 * The operations of S3 that are not here, by the method and the parameters that ask for them: they are refused by their names.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
 */
const OF_BUCKETS: Readonly<Record<string, string>> = {
  PUT: "CreateBucket",
  DELETE: "DeleteBucket",
  "GET accelerate": "GetBucketAccelerateConfiguration",
  "PUT accelerate": "PutBucketAccelerateConfiguration",
  "GET acl": "GetBucketAcl",
  "PUT acl": "PutBucketAcl",
  "GET analytics": "GetBucketAnalyticsConfiguration",
  "PUT analytics": "PutBucketAnalyticsConfiguration",
  "DELETE analytics": "DeleteBucketAnalyticsConfiguration",
  "GET cors": "GetBucketCors",
  "PUT cors": "PutBucketCors",
  "DELETE cors": "DeleteBucketCors",
  "GET encryption": "GetBucketEncryption",
  "PUT encryption": "PutBucketEncryption",
  "DELETE encryption": "DeleteBucketEncryption",
  "GET intelligent-tiering": "GetBucketIntelligentTieringConfiguration",
  "PUT intelligent-tiering": "PutBucketIntelligentTieringConfiguration",
  "DELETE intelligent-tiering": "DeleteBucketIntelligentTieringConfiguration",
  "GET inventory": "GetBucketInventoryConfiguration",
  "PUT inventory": "PutBucketInventoryConfiguration",
  "DELETE inventory": "DeleteBucketInventoryConfiguration",
  "GET lifecycle": "GetBucketLifecycleConfiguration",
  "PUT lifecycle": "PutBucketLifecycleConfiguration",
  "DELETE lifecycle": "DeleteBucketLifecycle",
  "GET logging": "GetBucketLogging",
  "PUT logging": "PutBucketLogging",
  "GET metrics": "GetBucketMetricsConfiguration",
  "PUT metrics": "PutBucketMetricsConfiguration",
  "DELETE metrics": "DeleteBucketMetricsConfiguration",
  "GET notification": "GetBucketNotificationConfiguration",
  "PUT notification": "PutBucketNotificationConfiguration",
  "GET object-lock": "GetObjectLockConfiguration",
  "PUT object-lock": "PutObjectLockConfiguration",
  "GET ownershipControls": "GetBucketOwnershipControls",
  "PUT ownershipControls": "PutBucketOwnershipControls",
  "DELETE ownershipControls": "DeleteBucketOwnershipControls",
  "GET policy": "GetBucketPolicy",
  "PUT policy": "PutBucketPolicy",
  "DELETE policy": "DeleteBucketPolicy",
  "GET policyStatus": "GetBucketPolicyStatus",
  "GET publicAccessBlock": "GetPublicAccessBlock",
  "PUT publicAccessBlock": "PutPublicAccessBlock",
  "DELETE publicAccessBlock": "DeletePublicAccessBlock",
  "GET replication": "GetBucketReplication",
  "PUT replication": "PutBucketReplication",
  "DELETE replication": "DeleteBucketReplication",
  "GET requestPayment": "GetBucketRequestPayment",
  "PUT requestPayment": "PutBucketRequestPayment",
  "GET tagging": "GetBucketTagging",
  "PUT tagging": "PutBucketTagging",
  "DELETE tagging": "DeleteBucketTagging",
  "PUT versioning": "PutBucketVersioning",
  "GET website": "GetBucketWebsite",
  "PUT website": "PutBucketWebsite",
  "DELETE website": "DeleteBucketWebsite",
};

/** Of these a `versionId` makes no other operation. */
const OF_OBJECTS: Readonly<Record<string, string>> = {
  "GET acl": "GetObjectAcl",
  "PUT acl": "PutObjectAcl",
  "GET attributes": "GetObjectAttributes",
  "GET legal-hold": "GetObjectLegalHold",
  "PUT legal-hold": "PutObjectLegalHold",
  "PUT renameObject": "RenameObject",
  "POST restore": "RestoreObject",
  "GET retention": "GetObjectRetention",
  "PUT retention": "PutObjectRetention",
  "POST select": "SelectObjectContent",
  "GET tagging": "GetObjectTagging",
  "PUT tagging": "PutObjectTagging",
  "DELETE tagging": "DeleteObjectTagging",
  "GET torrent": "GetObjectTorrent",
};

/** All of them. */
export const UNSERVED_OPERATIONS: readonly string[] = [...Object.values(OF_BUCKETS), ...Object.values(OF_OBJECTS)];

/** Which of them a request asks for; undefined for what no operation of S3 is. */
export function unservedOperation(asked: string, kind: "BUCKET" | "OBJECT"): string | undefined {
  if (kind === "BUCKET") return OF_BUCKETS[asked];
  return OF_OBJECTS[asked.replace(/,versionId$/, "")];
}
