import { readClaim } from "../endpoint/read-claim";
import { type SignableRequest, sha256, signatureMatches } from "../endpoint/signature";

// The examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html and its neighbours.
const SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const EMPTY = sha256("");
const HOST = "examplebucket.s3.amazonaws.com";
const signed = (signedHeaders: string, signature: string) =>
  `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=${signedHeaders},Signature=${signature}`;
const request = (
  method: string,
  url: string,
  signedHeaders: string,
  signature: string,
  headers: Readonly<Record<string, string>> = {},
): SignableRequest => ({
  method,
  url,
  headers: {
    host: HOST,
    "x-amz-content-sha256": EMPTY,
    "x-amz-date": "20130524T000000Z",
    ...headers,
    authorization: signed(signedHeaders, signature),
  },
});
const matches = (given: SignableRequest, payloadHash = EMPTY, secret = SECRET) => {
  const claim = readClaim(given);
  return claim !== undefined && signatureMatches(given, claim, secret, payloadHash);
};

const GET_OBJECT = request(
  "GET",
  "/test.txt",
  "host;range;x-amz-content-sha256;x-amz-date",
  "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
  { range: "bytes=0-9" },
);
const PRESIGNED = {
  method: "GET",
  url: "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
  headers: { host: HOST },
};

describe("signatureMatches", () => {
  it("agrees with Amazon on GetObject", () => {
    expect(matches(GET_OBJECT)).toBe(true);
  });

  it("agrees with Amazon on PutObject", () => {
    const hash = "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072";
    const put = request(
      "PUT",
      "/test%24file.text",
      "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
      "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
      {
        date: "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "x-amz-content-sha256": hash,
      },
    );

    expect(matches(put, hash)).toBe(true);
  });

  it.each([
    ["/?lifecycle", "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"],
    ["/?max-keys=2&prefix=J", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
    ["/?prefix=J&max-keys=2", "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"],
  ])("agrees with Amazon on GET %s", (url, signature) => {
    expect(matches(request("GET", url, "host;x-amz-content-sha256;x-amz-date", signature))).toBe(true);
  });

  it("agrees with Amazon on a presigned URL", () => {
    expect(matches(PRESIGNED, "UNSIGNED-PAYLOAD")).toBe(true);
  });

  it.each<[string, SignableRequest, string, string]>([
    ["another path", { ...GET_OBJECT, url: "/other.txt" }, EMPTY, SECRET],
    ["another method", { ...GET_OBJECT, method: "PUT" }, EMPTY, SECRET],
    ["another query", { ...GET_OBJECT, url: "/test.txt?acl" }, EMPTY, SECRET],
    [
      "another signed header",
      { ...GET_OBJECT, headers: { ...GET_OBJECT.headers, range: "bytes=0-10" } },
      EMPTY,
      SECRET,
    ],
    ["another body", GET_OBJECT, sha256("x"), SECRET],
    ["another secret", GET_OBJECT, EMPTY, `${SECRET}x`],
  ])("refuses %s", (_what, given, payloadHash, secret) => {
    expect(matches(given, payloadHash, secret)).toBe(false);
  });
});
