import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandInput,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { S3Process } from "./support/s3-process";

/** Of "123456789". */
const CRC64 = "rosUhgp5mIg=";
const SHA256 = "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU=";

describe("checksums of the local S3", () => {
  let s3: S3Process;
  let client: S3Client;
  const data = mkdtempSync(join(tmpdir(), "s3-checksums-"));

  beforeAll(async () => {
    s3 = await S3Process.start({}, data);
    client = s3.client();
  });
  afterAll(async () => {
    await s3.stop();
    rmSync(data, { recursive: true });
  });

  /** Without what an SDK would add. */
  const put = (path: string, body: string | Uint8Array, headers: Record<string, string> = {}) =>
    s3.fetch(path, { method: "PUT", body: Buffer.from(body), headers });
  const said = ({ headers }: { headers: Headers }) => [
    headers.get("x-amz-checksum-crc64nvme"),
    headers.get("x-amz-checksum-type"),
  ];
  const stored = (Key: string) => client.send(new HeadObjectCommand({ Bucket: "open", Key, ChecksumMode: "ENABLED" }));
  const start = async (input: Partial<CreateMultipartUploadCommandInput> = {}) => {
    const { UploadId = "" } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: "open", Key: "parts", ...input }),
    );
    return UploadId;
  };
  const complete = (UploadId: string, Parts: readonly object[]) =>
    client.send(
      new CompleteMultipartUploadCommand({
        Bucket: "open",
        Key: "parts",
        UploadId,
        MultipartUpload: { Parts: [...Parts] },
      }),
    );

  it("are computed of what comes without one, and told to who asks", async () => {
    expect(said(await put("/open/plain", "123456789"))).toEqual([CRC64, "FULL_OBJECT"]);

    expect(await stored("plain")).toMatchObject({ ChecksumCRC64NVME: CRC64, ChecksumType: "FULL_OBJECT" });
    const { headers } = await s3.fetch("/open/plain", { headers: { "x-amz-checksum-mode": "ENABLED" } });
    expect(said({ headers })).toEqual([CRC64, "FULL_OBJECT"]);
    expect(said(await s3.fetch("/open/plain"))).toEqual([null, null]);
  });

  it("are the one that came, where one came", async () => {
    const written = await put("/open/own", "123456789", { "x-amz-checksum-sha256": SHA256 });

    expect(said(written)).toEqual([null, "FULL_OBJECT"]);
    expect(await stored("own")).toMatchObject({ ChecksumSHA256: SHA256, ChecksumType: "FULL_OBJECT" });
  });

  it("are computed of the file of a form", async () => {
    const form = (fields: Record<string, string>) => {
      const data = new FormData();
      for (const [name, value] of Object.entries({ key: "form", ...fields })) data.append(name, value);
      data.append("file", new Blob(["123456789"]));
      return s3.fetch("/open", { method: "POST", body: data });
    };

    expect(said(await form({}))).toEqual([CRC64, "FULL_OBJECT"]);
    expect(await stored("form")).toMatchObject({ ChecksumCRC64NVME: CRC64 });
    await form({ "x-amz-checksum-sha256": SHA256 });
    expect(await stored("form")).toMatchObject({ ChecksumSHA256: SHA256 });
  });

  it.each([
    ["0-8", CRC64],
    ["0-", CRC64],
    ["0-7", null],
    ["1-8", null],
  ])("are told of a range of all bytes alone: %s", async (range, expected) => {
    await put("/open/ranged", "123456789");
    const headers = { range: `bytes=${range}`, "x-amz-checksum-mode": "ENABLED" };

    const read = await s3.fetch("/open/ranged", { headers });
    expect([read.status, said(read)[0]]).toEqual([206, expected]);
  });

  it("stay what they were in a copy, unless another is asked for", async () => {
    await put("/open/source", "123456789");
    const copy = { Bucket: "open", Key: "copy", CopySource: "open/source" };

    const { CopyObjectResult: same } = await client.send(new CopyObjectCommand(copy));
    expect(same).toMatchObject({ ChecksumCRC64NVME: CRC64, ChecksumType: "FULL_OBJECT" });
    await client.send(new CopyObjectCommand({ ...copy, ChecksumAlgorithm: "SHA256" }));
    expect(await stored("copy")).toMatchObject({ ChecksumSHA256: SHA256 });
    const refused = await put("/open/copy", "", {
      "x-amz-copy-source": "open/source",
      "x-amz-checksum-algorithm": "MD5",
    });
    expect(refused).toMatchObject({ status: 400, body: expect.stringContaining("<Code>InvalidRequest</Code>") });
  });

  it("that are announced have to come", async () => {
    const { status, body } = await put("/open/announced", "x", { "x-amz-sdk-checksum-algorithm": "CRC32" });

    expect([status, /<Message>(.*)<\/Message>/.exec(body)?.[1]]).toEqual([
      400,
      "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.",
    ]);
  });

  it("of parts without any make that of the whole, and are not listed", async () => {
    const UploadId = await start();
    const bytes = Buffer.alloc(5 * 1024 ** 2, "0123456789");
    const first = await put(`/open/parts?uploadId=${UploadId}&partNumber=1`, bytes);
    const last = await put(`/open/parts?uploadId=${UploadId}&partNumber=2`, "123456789");
    expect(said(last)).toEqual([CRC64, null]);
    const listed = await client.send(new ListPartsCommand({ Bucket: "open", Key: "parts", UploadId }));
    expect(listed.Parts?.map(({ ChecksumCRC64NVME }) => ChecksumCRC64NVME)).toEqual([undefined, undefined]);
    const whole = said(await put("/open/whole", Buffer.concat([bytes, Buffer.from("123456789")])))[0];

    const made = await complete(
      UploadId,
      [first, last].map(({ headers }, index) => ({ PartNumber: index + 1, ETag: headers.get("etag") })),
    );
    expect(made).toMatchObject({ ChecksumCRC64NVME: whole, ChecksumType: "FULL_OBJECT" });
    const { Body, ...read } = await client.send(
      new GetObjectCommand({ Bucket: "open", Key: "parts", ChecksumMode: "ENABLED" }),
    );
    // The client compares what it reads.
    expect((await Body?.transformToByteArray())?.length).toBe(bytes.length + 9);
    expect(read).toMatchObject({ ChecksumCRC64NVME: whole, ChecksumType: "FULL_OBJECT" });
  });

  it("are made of the bytes where parts came with others", async () => {
    const UploadId = await start();
    const { headers } = await put(`/open/parts?uploadId=${UploadId}&partNumber=1`, "123456789", {
      "x-amz-checksum-crc32": "y/Q5Jg==",
    });

    expect(await complete(UploadId, [{ PartNumber: 1, ETag: headers.get("etag") }])).toMatchObject({
      ChecksumCRC64NVME: CRC64,
    });
    const ofPart = new HeadObjectCommand({ Bucket: "open", Key: "parts", PartNumber: 1, ChecksumMode: "ENABLED" });
    expect(await client.send(ofPart)).not.toHaveProperty("ChecksumType");
  });

  it.each(["none!", "AAAA", SHA256.slice(1)])(
    "of the whole that cannot be any are no wrong ones: %s",
    async (value) => {
      const UploadId = await start();
      const { headers } = await put(`/open/parts?uploadId=${UploadId}&partNumber=1`, "x");
      const body = `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${headers.get("etag")}</ETag></Part></CompleteMultipartUpload>`;
      const sent = (header: string) =>
        s3.fetch(`/open/parts?uploadId=${UploadId}`, {
          method: "POST",
          body,
          headers: { "x-amz-checksum-crc64nvme": header },
        });

      expect((await sent(value)).body).toContain(
        "<Message>Value for x-amz-checksum-crc64nvme header is invalid.</Message>",
      );
      expect((await sent(CRC64)).body).toContain("<Code>BadDigest</Code>");
    },
  );

  it.each(["CRC32", "SHA256"] as const)("of parts have to come where %s of the whole is made of them", async (name) => {
    const UploadId = await start({ ChecksumAlgorithm: name });
    const path = `/open/parts?uploadId=${UploadId}&partNumber=1`;
    const value = name === "CRC32" ? "y/Q5Jg==" : SHA256;

    const { body } = await put(path, "123456789");
    expect(body).toContain(
      `<Message>Checksum Type mismatch occurred, expected checksum Type: ${name.toLowerCase()}, actual checksum Type: null</Message>`,
    );
    const { headers } = await put(path, "123456789", { [`x-amz-checksum-${name.toLowerCase()}`]: value });
    const part = { PartNumber: 1, ETag: headers.get("etag") };
    await expect(complete(UploadId, [part])).rejects.toMatchObject({
      name: "InvalidRequest",
      message: `The upload was created using a ${name.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part 1 in the request.`,
    });
    expect(await complete(UploadId, [{ ...part, [`Checksum${name}`]: value }])).toMatchObject({
      ChecksumType: "COMPOSITE",
    });
    const ofPart = { Bucket: "open", Key: "parts", PartNumber: 1, ChecksumMode: "ENABLED" } as const;
    expect(await client.send(new HeadObjectCommand(ofPart))).toMatchObject({ [`Checksum${name}`]: value });
  });

  it("keep nothing of a payload that is refused when it is there", async () => {
    const before = readdirSync(join(data, "bodies")).length;
    await put("/open/once", "first");
    const UploadId = await start({ ChecksumAlgorithm: "CRC32" });

    expect((await put("/open/once", "second", { "if-none-match": "*" })).status).toBe(412);
    expect((await put(`/open/parts?uploadId=${UploadId}&partNumber=1`, "x")).status).toBe(400);
    expect(readdirSync(join(data, "bodies")).length).toBe(before + 1);
  });
});
