import { hoistedHeaders } from "../s3/hoisted-headers";

const SIGNED =
  "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=c&X-Amz-Date=d&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=t&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Signature=s";

describe("hoistedHeaders", () => {
  it("finds the headers that an SDK moved into the query", () => {
    const url = `/b/k?x-amz-meta-owner=A%20%2B%20B&X-Amz-Acl=public-read&x-amz-copy-source=%2Fa%2Fk&x-id=PutObject&${SIGNED}`;

    expect(hoistedHeaders(url)).toEqual({
      "x-amz-meta-owner": "A + B",
      "x-amz-acl": "public-read",
      "x-amz-copy-source": "/a/k",
    });
  });

  it("passes over checksums, as S3 does", () => {
    expect(
      hoistedHeaders(`/b/k?x-amz-sdk-checksum-algorithm=CRC32&x-amz-checksum-crc32=AAAAAA%3D%3D&${SIGNED}`),
    ).toEqual({});
  });

  it("finds nothing in a request that is not presigned", () => {
    expect(hoistedHeaders("/b/k?x-amz-meta-owner=me")).toEqual({});
  });
});
