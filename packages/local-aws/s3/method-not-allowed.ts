import { AwsError } from "../aws-error";

/** What a path names, with the methods S3 says it takes, as in https://github.com/aws-amplify/amplify-hosting/issues/3152. */
const ALLOWED = { SERVICE: "GET", BUCKET: "HEAD, DELETE, GET, PUT", OBJECT: "HEAD, DELETE, GET, PUT" } as const;

export type S3ResourceType = keyof typeof ALLOWED;

/** The resource of an operation in the words of S3's access logs: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  delete: "MULTI_OBJECT_DELETE",
  partNumber: "PART",
  policy: "BUCKETPOLICY",
  uploadId: "UPLOAD",
  versions: "BUCKETVERSIONS",
};

/** S3's refusal of a method that what was asked for does not have. @param subresource the parameter that makes it another resource */
export function methodNotAllowed(method: string, type: S3ResourceType, subresource = ""): AwsError {
  const resource = subresource === "" ? type : (SUBRESOURCES[subresource] ?? subresource.toUpperCase());
  // The methods of a subresource are others, and nothing says which S3 names.
  const allow = subresource === "" ? { allow: ALLOWED[type] } : {};
  const details = { Method: method, ResourceType: resource };
  const message = "The specified method is not allowed against this resource.";
  return new AwsError("MethodNotAllowed", 405, message, allow, details);
}
