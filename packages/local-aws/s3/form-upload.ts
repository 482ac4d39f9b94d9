import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { Busboy } from "@fastify/busboy";
import { AwsError } from "../aws-error";
import type { BucketEncryption } from "../stack/stack-model";
import { DEFAULT_CHECKSUM, startChecksum } from "./checksums";
import { etagOf, propertiesOf, writtenHeaders } from "./object-headers";
import { created } from "./object-operations";
import { compareChecksum, type DeclaredChecksum, declaredChecksum } from "./payload";
import { type ContentLengthRange, requirePolicy } from "./post-policy";
import type { S3Answer } from "./s3-answer";
import type { S3Guard } from "./s3-guard";
import type { Body } from "./store/body";
import type { BodyStorage } from "./store/body-storage";
import type { BucketStore } from "./store/bucket-store";
import type { Checksum, ObjectVersion } from "./store/version";
import { element, escapeXml, xmlDocument } from "./xml";

/** "The total size of all form data preceding the file": https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html */
const MAX_FIELDS_BYTES = 20_480;

/** What an upload by an HTML form needs. */
export interface FormUploadOptions {
  readonly store: BucketStore;
  readonly byDefault: BucketEncryption;
  readonly storage: BodyStorage;
  readonly guard: S3Guard;
}

/** Whether a request is the upload of a form, which carries its permission in itself. */
export function isForm({ method, headers }: IncomingMessage): boolean {
  return method === "POST" && /^\s*multipart\/form-data/i.test(headers["content-type"] ?? "");
}

/**
 * POST Object: stores the file of a form. What comes behind the file is not looked at.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 * @throws AwsError in the words of S3
 */
export async function uploadByForm(
  request: IncomingMessage,
  { store, byDefault, storage, guard }: FormUploadOptions,
): Promise<S3Answer> {
  const { fields, file, fileName } = await readFields(request);
  const key = required(fields, "key").replaceAll("${filename}", fileName);
  fields.set("key", key);
  guard.admitForm(store.name, key, fields);
  const policy = fields.get("policy");
  const range =
    policy === undefined
      ? { least: 0, most: Number.POSITIVE_INFINITY }
      : requirePolicy(policy, new Map([...fields, ["bucket", store.name]]), Date.now());
  const headers = Object.fromEntries(fields);
  const declared = declaredChecksum(headers, {}) ?? { algorithm: DEFAULT_CHECKSUM, value: undefined };
  const { body, md5, checksum } = await readFile(file, storage, range, declared);
  const properties = propertiesOf(headers, byDefault);
  const version = store.put(key, { ...properties, body, etag: etagOf(md5, properties.encryption), checksum });
  return { ...answerTo(fields, version, store.name), events: [created(version, "PutObject")] };
}

interface Form {
  readonly fields: Map<string, string>;
  readonly file: Readable;
  readonly fileName: string;
}

/** Settles when the file begins. */
function readFields(request: IncomingMessage): Promise<Form> {
  const { "content-type": contentType = "" } = request.headers;
  const fields = new Map<string, string>();
  let bytes = 0;
  return new Promise((resolve, reject) => {
    const refuse = () => reject(malformedBody());
    let parser: InstanceType<typeof Busboy>;
    try {
      parser = new Busboy({
        headers: { "content-type": contentType },
        preservePath: false,
        isPartAFile: (name) => name === "file",
      });
    } catch {
      refuse();
      return;
    }
    parser.on("field", (name, value) => {
      bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (bytes > MAX_FIELDS_BYTES) {
        const message = "Your POST request fields preceding the upload file were too large.";
        reject(new AwsError("MaxPostPreDataLengthExceededError", 400, message));
      }
      fields.set(name.toLowerCase(), value);
    });
    parser.on("file", (_name, file, fileName) => resolve({ fields, file, fileName: fileName ?? "" }));
    parser.on("finish", () => reject(withoutFile()));
    parser.on("error", refuse);
    request.on("error", refuse);
    request.pipe(parser);
  });
}

function required(fields: ReadonlyMap<string, string>, name: string): string {
  const value = fields.get(name);
  if (value !== undefined) return value;
  const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
  throw new AwsError("InvalidArgument", 400, message);
}

async function readFile(
  file: Readable,
  storage: BodyStorage,
  { least, most }: ContentLengthRange,
  { algorithm, value: declared }: DeclaredChecksum,
): Promise<{ readonly body: Body; readonly md5: string; readonly checksum: Checksum }> {
  const writer = storage.writer();
  const md5 = createHash("md5");
  const running = startChecksum(algorithm);
  try {
    for await (const piece of file) {
      md5.update(piece);
      running.update(piece);
      await writer.write(piece);
      if (writer.bytes > most)
        throw new AwsError("EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed size");
    }
    if (writer.bytes < least)
      throw new AwsError("EntityTooSmall", 400, "Your proposed upload is smaller than the minimum allowed size");
    const checksum = { algorithm, type: "FULL_OBJECT", value: running.digest() } as const;
    compareChecksum(algorithm, declared, checksum.value);
    return { body: await writer.end(), md5: md5.digest("hex"), checksum };
  } catch (error) {
    await writer.discard();
    throw error;
  }
}

function answerTo(fields: ReadonlyMap<string, string>, version: ObjectVersion, bucket: string): S3Answer {
  const headers = writtenHeaders(version);
  const redirect = fields.get("success_action_redirect") ?? fields.get("redirect");
  const location = redirect === undefined ? undefined : redirected(redirect, version, bucket);
  if (location !== undefined) return { status: 303, headers: { ...headers, location } };
  const status = fields.get("success_action_status");
  if (status === "200") return { status: 200, headers };
  if (status !== "201") return { status: 204, headers };
  const place = `http://${bucket}.s3.amazonaws.com/${encodeURIComponent(version.key)}`;
  const said = [
    element("Location", escapeXml(place)),
    element("Bucket", escapeXml(bucket)),
    element("Key", escapeXml(version.key)),
    element("ETag", `&quot;${version.etag}&quot;`),
  ];
  // Without a namespace, other than all the rest: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
  const body = xmlDocument("PostResponse", said, "");
  return { status: 201, headers: { ...headers, location: place }, body };
}

/** "If the URL cannot be interpreted, Amazon S3 acts as if the field is not present." */
function redirected(url: string, { key, etag }: ObjectVersion, bucket: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const target = new URL(url);
  target.searchParams.append("bucket", bucket);
  target.searchParams.append("key", key);
  target.searchParams.append("etag", `"${etag}"`);
  return target.href;
}

function withoutFile(): AwsError {
  return new AwsError("InvalidArgument", 400, "POST requires exactly one file upload per request.");
}

function malformedBody(): AwsError {
  return new AwsError(
    "MalformedPOSTRequest",
    400,
    "The body of your POST request is not well-formed multipart/form-data.",
  );
}
