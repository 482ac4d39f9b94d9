// By the sub-resource in the query. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html and, for the
// actions, https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
const ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GET: {
    accelerate: "GetAccelerateConfiguration",
    acl: "GetBucketAcl",
    cors: "GetBucketCORS",
    encryption: "GetEncryptionConfiguration",
    lifecycle: "GetLifecycleConfiguration",
    "list-type": "ListBucket",
    location: "GetBucketLocation",
    logging: "GetBucketLogging",
    notification: "GetBucketNotification",
    "object-lock": "GetBucketObjectLockConfiguration",
    ownershipControls: "GetBucketOwnershipControls",
    policy: "GetBucketPolicy",
    publicAccessBlock: "GetBucketPublicAccessBlock",
    replication: "GetReplicationConfiguration",
    requestPayment: "GetBucketRequestPayment",
    tagging: "GetBucketTagging",
    versioning: "GetBucketVersioning",
    versions: "ListBucketVersions",
    website: "GetBucketWebsite",
  },
  PUT: {
    cors: "PutBucketCORS",
    encryption: "PutEncryptionConfiguration",
    lifecycle: "PutLifecycleConfiguration",
    notification: "PutBucketNotification",
    ownershipControls: "PutBucketOwnershipControls",
    policy: "PutBucketPolicy",
    publicAccessBlock: "PutBucketPublicAccessBlock",
    tagging: "PutBucketTagging",
    versioning: "PutBucketVersioning",
  },
  // Taking a configuration away is the same permission as putting it there, except for a policy.
  DELETE: {
    cors: "PutBucketCORS",
    encryption: "PutEncryptionConfiguration",
    lifecycle: "PutLifecycleConfiguration",
    ownershipControls: "PutBucketOwnershipControls",
    policy: "DeleteBucketPolicy",
    publicAccessBlock: "PutBucketPublicAccessBlock",
    tagging: "PutBucketTagging",
  },
};

/** Of an object, by the parameter that makes it another action. */
const OBJECT_ACTIONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  GET: { tagging: "GetObjectTagging" },
  PUT: { tagging: "PutObjectTagging" },
  DELETE: { tagging: "DeleteObjectTagging", versionId: "DeleteObjectVersion" },
};

const WITHOUT_SUB_RESOURCE: Readonly<Record<string, readonly [bucket: string, object: string]>> = {
  DELETE: ["DeleteBucket", "DeleteObject"],
  GET: ["ListBucket", "GetObject"],
  HEAD: ["ListBucket", "GetObject"],
  PUT: ["CreateBucket", "PutObject"],
};

/** The IAM action of an S3 request; undefined when it is none of the above. */
export function s3Action(method: string, query: readonly string[], hasKey: boolean): string | undefined {
  const actions = (hasKey ? OBJECT_ACTIONS : ACTIONS)[method] ?? {};
  const [subResource] = query.filter((name) => actions[name]);
  const action = subResource === undefined ? WITHOUT_SUB_RESOURCE[method]?.[hasKey ? 1 : 0] : actions[subResource];
  return action && `s3:${action}`;
}
