import { Authenticator } from "../endpoint/authenticator";
import { readClaim, type SignableRequest, sha256, signatureMatches } from "../endpoint/signature";
import { CredentialStore } from "../iam/credentials";

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

/** A request of the operator, now or some minutes from now; its signature is never computed. */
const operatorScope = (date: string) => `AKIALOCALOPERATOR000/${date.slice(0, 8)}/us-east-1/s3/aws4_request`;
const dateIn = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString().replace(/[-:]|\.\d+/g, "");
const signedNow = (credential: (date: string) => string, more: Readonly<Record<string, string>> = {}) => ({
  method: "GET",
  url: "/b/k",
  headers: {
    host: HOST,
    "x-amz-date": dateIn(0),
    authorization: `AWS4-HMAC-SHA256 Credential=${credential(dateIn(0))},SignedHeaders=host;x-amz-date,Signature=0`,
    ...more,
  },
});
const presignedIn = (
  minutes: number,
  expires: number | string,
  headers: Readonly<Record<string, string>> = {},
  credential = operatorScope,
) => ({
  method: "PUT",
  url: `/b/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=${encodeURIComponent(credential(dateIn(minutes)))}&X-Amz-Date=${dateIn(minutes)}&X-Amz-Expires=${expires}&X-Amz-SignedHeaders=host&X-Amz-Signature=0`,
  headers: { host: HOST, ...headers },
});

describe("Authenticator", () => {
  const authenticate = (given: SignableRequest, region = "us-east-1") =>
    new Authenticator(new CredentialStore("1"), region).authenticate(given);
  const asOperator = (text: string) => text.replace("AKIAIOSFODNN7EXAMPLE", "AKIALOCALOPERATOR000");
  const header = (given: SignableRequest) => ({
    ...given,
    headers: { ...given.headers, authorization: asOperator(String(given.headers.authorization)) },
  });

  it("takes an unsigned request for anonymous", () => {
    expect(authenticate({ method: "GET", url: "/", headers: {} })).toEqual({ kind: "anonymous" });
  });

  it("takes an empty Authorization header for none", () => {
    expect(authenticate({ method: "GET", url: "/", headers: { authorization: "" } })).toEqual({ kind: "anonymous" });
  });

  it.each<[string, () => unknown, string]>([
    [
      "half a signature of Version 2",
      () => authenticate({ method: "GET", url: "/", headers: { authorization: "AWS HAHAHA" } }),
      "InvalidArgument",
    ],
    ["an unknown key", () => authenticate(GET_OBJECT), "InvalidAccessKeyId"],
    ["another region", () => authenticate(header(GET_OBJECT), "eu-central-1"), "AuthorizationHeaderMalformed"],
    ["a request of another day", () => authenticate(header(GET_OBJECT)), "RequestTimeTooSkewed"],
    [
      "a presigned URL that has expired",
      () => authenticate({ ...PRESIGNED, url: asOperator(PRESIGNED.url) }),
      "AccessDenied",
    ],
    [
      "a session token nobody gave",
      () =>
        authenticate({
          ...header(GET_OBJECT),
          headers: { ...header(GET_OBJECT).headers, "x-amz-security-token": "x" },
        }),
      "InvalidToken",
    ],
    [
      "a header of Amazon's that is not signed",
      () => authenticate(signedNow(operatorScope, { "x-amz-meta-owner": "me" })),
      "AccessDenied",
    ],
    [
      "the same beside a presigned URL",
      () => authenticate(presignedIn(0, 60, { "x-amz-meta-owner": "me" })),
      "AccessDenied",
    ],
    [
      "a presigned URL with an Authorization header",
      () => authenticate(presignedIn(0, 60, { authorization: "Bearer x" })),
      "InvalidArgument",
    ],
    [
      "a presigned URL for eight days",
      () => authenticate(presignedIn(0, 691_200)),
      "AuthorizationQueryParametersError",
    ],
    ["a presigned URL for no time", () => authenticate(presignedIn(0, 0)), "AuthorizationQueryParametersError"],
    [
      "a presigned URL for nobody knows how long",
      () => authenticate(presignedIn(0, "x")),
      "AuthorizationQueryParametersError",
    ],
    ["a presigned URL of the next hour", () => authenticate(presignedIn(60, 60)), "AccessDenied"],
    [
      "a presigned URL for another service",
      () => authenticate(presignedIn(0, 60, {}, (date) => operatorScope(date).replace("/s3/", "/sts/"))),
      "AuthorizationQueryParametersError",
    ],
    [
      "another service",
      () => authenticate(signedNow((date) => operatorScope(date).replace("/s3/", "/states/"))),
      "AuthorizationHeaderMalformed",
    ],
    [
      "a scope of another day",
      () => authenticate(signedNow(() => operatorScope("20200101"))),
      "AuthorizationHeaderMalformed",
    ],
    ["a signature that is not right", () => authenticate(signedNow(operatorScope)), "SignatureDoesNotMatch"],
    [
      "a presigned URL whose signature is not right",
      () => authenticate(presignedIn(0, 604_800)),
      "SignatureDoesNotMatch",
    ],
    [
      "basic authentication",
      () => authenticate({ method: "GET", url: "/", headers: { authorization: "Basic eA==" } }),
      "InvalidRequest",
    ],
  ])("refuses %s", (_what, call, code) => {
    expect(call).toThrow(expect.objectContaining({ code }));
  });
});
