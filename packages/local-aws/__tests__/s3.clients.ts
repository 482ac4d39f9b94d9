import { execFile } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ListMultipartUploadsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { awsEnvironment } from "../run-files";
import { S3Process } from "./support/s3-process";

// npm run test:clients: what people and programs use S3 with, as Debian and PyPI have it, against the local S3.
let s3: S3Process;
let folder: string;
const run = promisify(execFile);

beforeEach(async () => {
  s3 = await S3Process.start();
  folder = mkdtempSync(join(tmpdir(), "s3-clients-"));
});
afterEach(async () => {
  await s3.stop();
  rmSync(folder, { recursive: true });
});

async function client(command: string, args: readonly string[]): Promise<string> {
  const variables = awsEnvironment({ awsUrl: s3.endpoint, region: "eu-central-1" });
  const { AWS_SESSION_TOKEN: _none, ...set } = variables;
  const env = { ...process.env, ...set, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" };
  return (await run(command, [...args], { env, cwd: folder, maxBuffer: 64 * 1024 ** 2 })).stdout;
}
const aws = (...args: readonly string[]) => client("aws", args);
const s3cmd = (...args: readonly string[]) => {
  const { host } = new URL(s3.endpoint);
  return client("s3cmd", ["--config=/dev/null", `--host=${host}`, `--host-bucket=${host}`, "--no-ssl", ...args]);
};
const python = (script: string) => client("python3", ["-c", script]);

/** A file of random bytes. */
function file(name: string, bytes: number): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, randomBytes(bytes));
  // S3 tells whole seconds: to a sync, an object of this very second is older than its file.
  const aMinuteAgo = Date.now() / 1000 - 60;
  utimesSync(path, aMinuteAgo, aMinuteAgo);
  return path;
}
const digest = (path: string) =>
  createHash("sha256")
    .update(readFileSync(join(folder, path)))
    .digest("hex");
const keys = async (Bucket: string) =>
  ((await s3.client().send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key);
const uploads = async (Bucket: string) =>
  (await s3.client().send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];

const NAMES = ["a.txt", "b c+d%.txt", "f/ü-日本.txt", "f/empty"];

describe("aws s3", () => {
  it("copies 200 MB there and back in parts", async () => {
    file("large", 200 * 1024 ** 2);
    await aws("s3", "cp", "--no-progress", "large", "s3://one/large");
    await aws("s3", "cp", "--no-progress", "s3://one/large", "s3://two/copied");
    await aws("s3", "cp", "--no-progress", "s3://two/copied", "back");

    expect(digest("back")).toBe(digest("large"));
    expect([await uploads("one"), await uploads("two")]).toEqual([[], []]);
  });

  it("syncs a folder there and back, once, and deletes what is gone", async () => {
    for (const [index, name] of NAMES.entries()) file(`from/${name}`, index === 3 ? 0 : 10_000);
    await aws("s3", "sync", "from", "s3://one/there");
    expect(await aws("s3", "sync", "from", "s3://one/there")).toBe("");
    await aws("s3", "sync", "s3://one/there", "to");
    expect(NAMES.map((name) => digest(`to/${name}`))).toEqual(NAMES.map((name) => digest(`from/${name}`)));

    rmSync(join(folder, "from/a.txt"));
    await aws("s3", "sync", "--delete", "from", "s3://one/there");
    expect(await keys("one")).toHaveLength(NAMES.length - 1);
  });

  it("presigns, moves and removes", async () => {
    file("object", 1000);
    await aws("s3", "mv", "object", "s3://one/a/b+ü");
    const url = (await aws("s3", "presign", "s3://one/a/b+ü")).trim();
    const response = await fetch(url);
    expect([response.status, (await response.arrayBuffer()).byteLength]).toEqual([200, 1000]);

    await aws("s3", "mv", "s3://one/a/b+ü", "s3://two/c");
    expect([await keys("one"), await keys("two")]).toEqual([[], ["c"]]);
    await aws("s3", "rm", "--recursive", "s3://two/");
    expect(await keys("two")).toEqual([]);
  });

  it("is told that the bucket has no ACLs", async () => {
    file("object", 10);
    await expect(aws("s3", "cp", "--acl", "public-read", "object", "s3://one/object")).rejects.toThrow(
      "AccessControlListNotSupported",
    );
  });
});

describe("boto3", () => {
  it("uploads side by side, resumes a download, and overwrites nothing it was not to", async () => {
    const script = `
import boto3, botocore, concurrent.futures, hashlib, io, os
s3 = boto3.client("s3")
bodies = {f"k{n}": os.urandom(9_000_000 if n % 4 == 0 else 1000) for n in range(12)}
with concurrent.futures.ThreadPoolExecutor(8) as pool:
    list(pool.map(lambda item: s3.upload_fileobj(io.BytesIO(item[1]), "one", item[0]), bodies.items()))
for key, body in bodies.items():
    first = s3.get_object(Bucket="one", Key=key, Range="bytes=0-499")
    rest = s3.get_object(Bucket="one", Key=key, Range="bytes=500-", IfMatch=first["ETag"])
    assert first["Body"].read() + rest["Body"].read() == body, key
def refusal(call, **args):
    try: call(Bucket="one", **args)
    except botocore.exceptions.ClientError as error: return error.response["Error"]["Code"]
print(refusal(s3.put_object, Key="k1", Body=b"x", IfNoneMatch="*"))
s3.put_object(Bucket="one", Key="k1", Body=b"other")
print(refusal(s3.get_object, Key="k1", IfMatch='"e"'))
print(refusal(s3.get_object, Key="k1", IfNoneMatch="*"))
print(refusal(s3.get_object, Key="k1", Range="bytes=9-"))
print(refusal(s3.put_object, Key="k2", Body=b"x", ACL="public-read"))
for algorithm in ["CRC32", "SHA1", "SHA256"]:
    s3.put_object(Bucket="one", Key=algorithm, Body=b"x", ChecksumAlgorithm=algorithm)
    assert "Checksum" + algorithm in s3.head_object(Bucket="one", Key=algorithm, ChecksumMode="ENABLED")
print(len(list(s3.get_paginator("list_objects_v2").paginate(Bucket="one", PaginationConfig={"PageSize": 4}))))
`;
    expect((await python(script)).trim().split("\n")).toEqual([
      "PreconditionFailed",
      "PreconditionFailed",
      "304",
      "InvalidRange",
      "AccessControlListNotSupported",
      "4",
    ]);
  });

  it("sees versions, and brings one back", async () => {
    const script = `
import boto3
s3, place = boto3.client("s3"), dict(Bucket="versioned", Key="k")
first = s3.put_object(**place, Body=b"one")["VersionId"]
s3.put_object(**place, Body=b"two")
marker = s3.delete_object(**place)
assert marker["DeleteMarker"]
versions = s3.list_object_versions(Bucket="versioned")
print(len(versions["Versions"]), len(versions["DeleteMarkers"]))
s3.delete_object(**place, VersionId=marker["VersionId"])
print(s3.get_object(**place)["Body"].read().decode())
s3.copy_object(**place, CopySource=dict(**place, VersionId=first))
print(s3.get_object(**place)["Body"].read().decode())
`;
    expect((await python(script)).trim().split("\n")).toEqual(["2 1", "two", "one"]);
  });
});

describe("s3cmd", () => {
  // Without a region: it learns the right one of the refusal.
  it("puts in parts, gets, syncs and deletes", async () => {
    for (const name of NAMES) file(`from/${name}`, 10_000);
    file("large", 20 * 1024 ** 2);
    await s3cmd("put", "--multipart-chunk-size-mb=6", "large", "s3://one/large");
    await s3cmd("get", "s3://one/large", "back");
    expect(digest("back")).toBe(digest("large"));

    await s3cmd("sync", "from/", "s3://one/there/");
    mkdirSync(join(folder, "to"));
    await s3cmd("sync", "s3://one/there/", "to/");
    expect(NAMES.map((name) => digest(`to/${name}`))).toEqual(NAMES.map((name) => digest(`from/${name}`)));
    await s3cmd("del", "--recursive", "--force", "s3://one/");
    expect(await keys("one")).toEqual([]);
  });
});
