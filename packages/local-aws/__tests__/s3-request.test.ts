import * as sdk from "@aws-sdk/client-s3";
import { S3_OPERATIONS } from "../s3/s3-operation";
import { parseS3Request } from "../s3/s3-request";
import { UNSERVED_OPERATIONS } from "../s3/unserved-operations";

/** Operations at other addresses than a bucket's, and one that is told from another by nothing but a parameter. */
const ELSEWHERE = ["ListDirectoryBuckets", "WriteGetObjectResponse", "ListObjectAnnotations"];

const parse = (method: string, url: string, copySource?: string) =>
  parseS3Request({ method, url, header: (name) => (name === "x-amz-copy-source" ? copySource : undefined) });

describe("parseS3Request", () => {
  it.each([
    ["GET", "/", "ListBuckets", [{ action: "s3:ListAllMyBuckets" }]],
    ["GET", "/b", "ListObjects", [{ action: "s3:ListBucket", bucket: "b" }]],
    ["GET", "/b/?list-type=2&prefix=a", "ListObjectsV2", [{ action: "s3:ListBucket", bucket: "b" }]],
    ["HEAD", "/b", "HeadBucket", [{ action: "s3:ListBucket", bucket: "b" }]],
    ["GET", "/b/a/c.jpg", "GetObject", [{ action: "s3:GetObject", bucket: "b", key: "a/c.jpg" }]],
    ["HEAD", "/b/c.jpg", "HeadObject", [{ action: "s3:GetObject", bucket: "b", key: "c.jpg" }]],
    ["GET", "/b/c.jpg?x-id=GetObject", "GetObject", [{ action: "s3:GetObject", bucket: "b", key: "c.jpg" }]],
    ["GET", "/b/c.jpg?partNumber=1", "GetObject", [{ action: "s3:GetObject", bucket: "b", key: "c.jpg" }]],
    ["HEAD", "/b/c.jpg?partNumber=1", "HeadObject", [{ action: "s3:GetObject", bucket: "b", key: "c.jpg" }]],
    ["GET", "/b?versions", "ListObjectVersions", [{ action: "s3:ListBucketVersions", bucket: "b" }]],
    ["GET", "/b?uploads", "ListMultipartUploads", [{ action: "s3:ListBucketMultipartUploads", bucket: "b" }]],
    ["GET", "/b?location", "GetBucketLocation", [{ action: "s3:GetBucketLocation", bucket: "b" }]],
    ["GET", "/b?versioning", "GetBucketVersioning", [{ action: "s3:GetBucketVersioning", bucket: "b" }]],
    ["GET", "/b/c.jpg?uploadId=u", "ListParts", [{ action: "s3:ListMultipartUploadParts", bucket: "b", key: "c.jpg" }]],
    ...["GET", "HEAD"].map((method): [string, string, string, object[]] => [
      method,
      "/b/c.jpg?versionId=1",
      method === "GET" ? "GetObject" : "HeadObject",
      [{ action: "s3:GetObjectVersion", bucket: "b", key: "c.jpg", context: { "s3:versionid": "1" } }],
    ]),
    [
      "DELETE",
      "/b/c.jpg?versionId=1",
      "DeleteObject",
      [{ action: "s3:DeleteObjectVersion", bucket: "b", key: "c.jpg", context: { "s3:versionid": "1" } }],
    ],
    ["PUT", "/b/c.jpg", "PutObject", [{ action: "s3:PutObject", bucket: "b", key: "c.jpg" }]],
    ["DELETE", "/b/c.jpg", "DeleteObject", [{ action: "s3:DeleteObject", bucket: "b", key: "c.jpg" }]],
    ["POST", "/b/c.jpg?uploads", "CreateMultipartUpload", [{ action: "s3:PutObject", bucket: "b", key: "c.jpg" }]],
    ["PUT", "/b/c.jpg?partNumber=1&uploadId=u", "UploadPart", [{ action: "s3:PutObject", bucket: "b", key: "c.jpg" }]],
    ["POST", "/b/c.jpg?uploadId=u", "CompleteMultipartUpload", [{ action: "s3:PutObject", bucket: "b", key: "c.jpg" }]],
    [
      "DELETE",
      "/b/c.jpg?uploadId=u",
      "AbortMultipartUpload",
      [{ action: "s3:AbortMultipartUpload", bucket: "b", key: "c.jpg" }],
    ],
    ["POST", "/b?delete", "DeleteObjects", []],
  ])("reads %s %s as %s", (method, url, operation, checks) => {
    expect(parse(method, url)).toMatchObject({ operation, checks });
  });

  it("lets conditions ask what a list is of", () => {
    expect(parse("GET", "/b?list-type=2&prefix=a%2Fb&delimiter=%2F&max-keys=10&encoding-type=url")).toMatchObject({
      checks: [{ context: { "s3:prefix": "a/b", "s3:delimiter": "/", "s3:max-keys": "10" } }],
    });
    expect(parse("GET", "/b?list-type=2")?.checks[0]?.context).toEqual({});
  });

  it("asks for both objects of a copy", () => {
    expect(parse("PUT", "/b/new.jpg", "/a/old%20one.jpg")).toMatchObject({
      operation: "CopyObject",
      checks: [
        { action: "s3:GetObject", bucket: "a", key: "old one.jpg" },
        { action: "s3:PutObject", bucket: "b", key: "new.jpg" },
      ],
    });
  });

  it.each([
    ["/b/%C3%A9t%C3%A9%201.jpg", "été 1.jpg"],
    ["/b/a%2Fb", "a/b"],
    ["/b/a//b", "a//b"],
    // Resolving it would ask IAM about an object of the other bucket and serve this one.
    ["/b/../other/secret.jpg", "../other/secret.jpg"],
    ["/b/%2e%2e/secret.jpg", "../secret.jpg"],
  ])("takes the key of %s as it is", (url, key) => {
    expect(parse("GET", url)).toMatchObject({ bucket: "b", key });
  });

  it.each([
    ["PUT", "/b", "CreateBucket"],
    ["DELETE", "/b/", "DeleteBucket"],
    ["GET", "/b?policy", "GetBucketPolicy"],
    ["GET", "/b?session", "CreateSession"],
    ["GET", "/b?inventory", "ListBucketInventoryConfigurations"],
    ["GET", "/b?inventory&id=a", "GetBucketInventoryConfiguration"],
    ["PUT", "/b?inventory&id=a", "PutBucketInventoryConfiguration"],
    // Without a name of its own it would delete the object.
    ["DELETE", "/b/c.jpg?annotation", "DeleteObjectAnnotation"],
    ["GET", "/b/c.jpg?acl", "GetObjectAcl"],
    ["GET", "/b/c.jpg?acl&versionId=1", "GetObjectAcl"],
    ["GET", "/b/c.jpg?attributes", "GetObjectAttributes"],
    ["PUT", "/b/c.jpg?tagging", "PutObjectTagging"],
    ["PUT", "/b/c.jpg?renameObject", "RenameObject"],
  ])("refuses %s %s by its name", (method, url, name) => {
    const message = `The local runner does not serve ${name} (${method} ${url})`;
    expect(() => parse(method, url)).toThrow(
      expect.objectContaining({ code: "NotImplemented", message: expect.stringContaining(message) }),
    );
  });

  it("knows every operation of the SDK, to serve it or to refuse it by name", () => {
    const all = Object.keys(sdk).filter((name) => name.length > "$Command".length && name.endsWith("Command"));
    const known = new Set([...S3_OPERATIONS, ...UNSERVED_OPERATIONS, ...ELSEWHERE]);

    expect(all.map((name) => name.slice(0, -"Command".length)).filter((name) => !known.has(name))).toEqual([]);
  });

  it.each([
    ["PATCH", "/", "SERVICE", "GET"],
    ["HEAD", "/", "SERVICE", "GET"],
    ["PUT", "/", "SERVICE", "GET"],
    ["DELETE", "/", "SERVICE", "GET"],
    ["POST", "/", "SERVICE", "GET"],
    ["PATCH", "/b", "BUCKET", "HEAD, DELETE, GET, PUT"],
    ["PATCH", "/b/c.jpg", "OBJECT", "HEAD, DELETE, GET, PUT"],
    ["POST", "/b/c.jpg", "OBJECT", "HEAD, DELETE, GET, PUT"],
    ["GET", "/b?delete", "MULTI_OBJECT_DELETE", undefined],
    ["PUT", "/b?location", "LOCATION", undefined],
    ["POST", "/b?uploads", "UPLOADS", undefined],
    ["PUT", "/b/c.jpg?partNumber=1", "PART", undefined],
    ["PUT", "/b/c.jpg?uploadId=u", "UPLOAD", undefined],
    ["POST", "/b/c.jpg?policy", "BUCKETPOLICY", undefined],
  ])("knows no %s of %s", (method, url, ResourceType, allow) => {
    expect(() => parse(method, url)).toThrow(
      expect.objectContaining({
        code: "MethodNotAllowed",
        statusCode: 405,
        headers: allow === undefined ? {} : { allow },
        details: { Method: method, ResourceType },
      }),
    );
  });

  it.each(["/b", "/b/"])("takes a POST to the bucket %s for a form that is none", (url) => {
    expect(() => parse("POST", url)).toThrow(
      expect.objectContaining({
        code: "PreconditionFailed",
        statusCode: 412,
        details: { Condition: "Bucket POST must be of the enclosure-type multipart/form-data" },
      }),
    );
  });

  it("asks for the source of a part that is copied", () => {
    expect(parse("PUT", "/b/c.jpg?partNumber=1&uploadId=u", "a/x")).toMatchObject({
      operation: "UploadPartCopy",
      source: { bucket: "a", key: "x" },
      checks: [
        { action: "s3:GetObject", bucket: "a", key: "x" },
        { action: "s3:PutObject", bucket: "b", key: "c.jpg" },
      ],
    });
  });

  it("asks for the version of a source", () => {
    expect(parse("PUT", "/b/new.jpg", "a/x?versionId=1")).toMatchObject({
      source: { bucket: "a", key: "x", versionId: "1" },
      checks: [{ action: "s3:GetObjectVersion", context: { "s3:versionid": "1" } }, { action: "s3:PutObject" }],
    });
  });

  it.each([
    ["/a/old%20one.jpg", "old one.jpg"],
    ["a%2Fold", "old"],
    ["a/what%3F", "what?"],
    ["a/x/%2e%2e/y", "x/../y"],
  ])("takes the copy source %s", (copySource, key) => {
    expect(parse("PUT", "/b/new.jpg", copySource)?.source).toEqual({ bucket: "a", key });
  });

  it.each(["a/x?part=1", "a", "a/"])("refuses the copy source %s", (copySource) => {
    expect(() => parse("PUT", "/b/new.jpg", copySource)).toThrow(
      expect.objectContaining({
        code: "InvalidArgument",
        message: "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
        details: { ArgumentName: "x-amz-copy-source", ArgumentValue: copySource },
      }),
    );
  });
});
