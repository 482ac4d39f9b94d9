import { Authenticator } from "../endpoint/authenticator";
import { readClaim } from "../endpoint/read-claim";
import { type SignableRequest, sha256, signatureOf } from "../endpoint/signature";
import { CredentialStore, OPERATOR_CREDENTIALS } from "../iam/credentials";
import {
  byHeader,
  byQuery,
  credential,
  dateIn,
  type Headers,
  HOST,
  httpDateIn,
  KEY,
  presignedIn,
  scopeOf,
  withoutDate,
} from "./support/signed-requests";

/** What is refused, with its code and a part of the message. */
function readRefusals(): readonly (readonly [string, () => SignableRequest, string, string])[] {
  const authorization = (text: string) => () => byHeader({ authorization: text });
  const inHeader = (scope: string) => () => byHeader({}, `${KEY}/${scope}`);
  const today = () => dateIn(0).slice(0, 8);
  const malformed = "The authorization header is malformed; ";
  const noDate = "AWS authentication requires a valid Date or x-amz-date header";
  const skewed = "The difference between the request time and the current time is too large.";
  return [
    ["half of Version 2", authorization("AWS HAHAHA"), "InvalidArgument", "Expected AwsAccessKeyId:signature"],
    ["Version 2", authorization("AWS key:signature"), "InvalidRequest", "Please use AWS4-HMAC-SHA256."],
    ["one word", authorization("HAHAHA"), "InvalidArgument", "one and only one ' ' (space) required"],
    ["basic authentication", authorization("Basic eA=="), "InvalidArgument", "Unsupported Authorization Type"],
    ["Version 4 by half a name", authorization("AWS4 HAHAHA"), "InvalidArgument", "Unsupported Authorization Type"],
    [
      "a header without a signature",
      authorization("AWS4-HMAC-SHA256 Credential=HAHAHA"),
      "AuthorizationHeaderMalformed",
      `${malformed}the authorization header requires three components: Credential, SignedHeaders, and Signature.`,
    ],
    ["no date", () => withoutDate(), "AccessDenied", noDate],
    ["an empty date", () => byHeader({ "x-amz-date": "" }), "AccessDenied", noDate],
    ["a date that is none", () => byHeader({ "x-amz-date": "Bad Date", date: httpDateIn(0) }), "AccessDenied", noDate],
    ["a date in HTTP that is none", () => withoutDate({ date: "Bad Date" }), "AccessDenied", noDate],
    ["a date before all dates", () => byHeader({ "x-amz-date": "19500707T215304Z" }), "AccessDenied", noDate],
    ["a date of the past", () => byHeader({ "x-amz-date": dateIn(-16) }), "RequestTimeTooSkewed", skewed],
    ["a date of the future", () => byHeader({ "x-amz-date": dateIn(16) }), "RequestTimeTooSkewed", skewed],
    ["the last date", () => byHeader({ "x-amz-date": "99990707T215304Z" }), "RequestTimeTooSkewed", skewed],
    ["an old date in HTTP", () => withoutDate({ date: httpDateIn(-16) }), "RequestTimeTooSkewed", skewed],
    ["half a scope", inHeader("us-east-1/s3"), "AuthorizationHeaderMalformed", "the Credential is mal-formed"],
    [
      "no region",
      () => byHeader({}, credential(scopeOf(today(), ""))),
      "AuthorizationHeaderMalformed",
      `${malformed}a non-empty region must be provided in the credential.`,
    ],
    [
      "another region",
      () => byHeader({}, credential(scopeOf(today(), "eu-west-1"), "AKIAUNKNOWN")),
      "AuthorizationHeaderMalformed",
      `${malformed}the region 'eu-west-1' is wrong; expecting 'us-east-1'`,
    ],
    [
      "another service",
      () => byHeader({}, credential(scopeOf(today(), "us-east-1", "states"))),
      "AuthorizationHeaderMalformed",
      `${malformed}incorrect service "states". This endpoint belongs to "s3".`,
    ],
    [
      "another end of the scope",
      () => byHeader({}, credential(scopeOf(today()).replace("aws4", "aws5"))),
      "AuthorizationHeaderMalformed",
      `${malformed}incorrect terminal "aws5_request". This endpoint uses "aws4_request".`,
    ],
    [
      "a scope of another day",
      inHeader(scopeOf("20200101")),
      "AuthorizationHeaderMalformed",
      `${malformed}Invalid credential date. Date is not the same as X-Amz-Date.`,
    ],
    [
      "an unknown key",
      () => byHeader({}, credential(undefined, "AKIAUNKNOWN")),
      "InvalidAccessKeyId",
      "The AWS Access Key Id you provided does not exist in our records.",
    ],
    ["a token nobody gave", () => byHeader({ "x-amz-security-token": "x" }), "InvalidToken", "malformed or otherwise"],
    ["a header that is not signed", () => byHeader({ "x-amz-meta-a": "b" }), "AccessDenied", "were not signed: x-amz"],
    ["a wrong signature", () => byHeader(), "SignatureDoesNotMatch", "does not match the signature you provided."],
    [
      "both ways at once",
      () => byQuery({}, { authorization: "Bearer x" }),
      "InvalidArgument",
      "Only one auth mechanism allowed; ",
    ],
    [
      "a presigned URL of Version 2",
      () => ({ method: "GET", url: "/b/k?AWSAccessKeyId=k&Expires=1&Signature=s", headers: { host: HOST } }),
      "InvalidRequest",
      "Please use AWS4-HMAC-SHA256.",
    ],
    [
      "another algorithm",
      () => byQuery({ "X-Amz-Algorithm": "AWS4-HMAC-SHA1" }),
      "AuthorizationQueryParametersError",
      "X-Amz-Algorithm only supports",
    ],
    ...["X-Amz-Credential", "X-Amz-Signature", "X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires"].map(
      (name) =>
        [
          `a presigned URL without ${name}`,
          () => byQuery({ [name]: undefined }),
          "AuthorizationQueryParametersError",
          "Query-string authentication version 4 requires",
        ] as const,
    ),
    [
      "a presigned date that is none",
      () => byQuery({ "X-Amz-Date": "2022-12-20" }),
      "AuthorizationQueryParametersError",
      "X-Amz-Date must be in the ISO8601 Long Format",
    ],
    ["a URL for eight days", () => presignedIn(0, "691200"), "AuthorizationQueryParametersError", "less than a week"],
    ["a URL for less than no time", () => presignedIn(0, "-1"), "AuthorizationQueryParametersError", "non-negative"],
    ["a URL for nobody knows how long", () => presignedIn(0, "x"), "AuthorizationQueryParametersError", "be a number"],
    ["a URL of the next hour", () => presignedIn(60, "60"), "AccessDenied", "Request is not yet valid"],
    ["a URL that has expired", () => presignedIn(-2, "60"), "AccessDenied", "Request has expired"],
    ["a URL for no time", () => presignedIn(-1, "0"), "AccessDenied", "Request has expired"],
    [
      "a URL for another service",
      () => byQuery({ "X-Amz-Credential": credential(scopeOf(today(), "us-east-1", "sts")) }),
      "AuthorizationQueryParametersError",
      'Error parsing the X-Amz-Credential parameter; incorrect service "sts".',
    ],
    [
      "a URL of another day",
      () => byQuery({ "X-Amz-Credential": credential(scopeOf("20200101")) }),
      "AuthorizationQueryParametersError",
      'Invalid credential date "20200101". This date is not the same as X-Amz-Date: "',
    ],
    ["a header beside a URL", () => byQuery({}, { "x-amz-meta-a": "b" }), "AccessDenied", "were not signed: x-amz"],
    ["a URL whose signature is not right", () => presignedIn(0, "604800"), "SignatureDoesNotMatch", "does not match"],
  ];
}

describe("Authenticator", () => {
  const authenticate = (given: SignableRequest) =>
    new Authenticator(new CredentialStore("1"), "us-east-1").authenticate(given);

  it.each([
    ["no signature", {}, "/"],
    ["an empty Authorization header", { authorization: "" }, "/"],
    ["the parameters of no signature", {}, "/b/k?AWSAccessKeyId=k&X-Amz-Signature=0"],
  ])("takes a request with %s for anonymous", (_what, headers, url) => {
    expect(authenticate({ method: "GET", url, headers })).toEqual({ kind: "anonymous" });
  });

  // In the order and the words of S3, which a wrong client is told to its face.
  it.each(readRefusals())("refuses %s", (_what, request, code, message) => {
    expect(() => authenticate(request())).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ["x-amz-date", () => ({ "x-amz-date": dateIn(0) })],
    ["x-amz-date, whatever else Date says", () => ({ "x-amz-date": dateIn(0), date: "Tue, 07 Jul 1950 21:53:04 GMT" })],
    ["Date", () => ({ date: httpDateIn(0) })],
    ["Date as x-amz-date is written", () => ({ date: dateIn(0) })],
  ])("takes the time from %s", (_what, datesOf) => {
    const dates: Headers = datesOf();
    const names = ["host", ...Object.keys(dates)].sort();
    const request = (signature: string) => ({
      method: "GET",
      url: "/b/k",
      headers: {
        host: HOST,
        ...dates,
        authorization: `AWS4-HMAC-SHA256 Credential=${credential()}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
      },
    });
    const claim = readClaim(request("0"));
    const signature = claim && signatureOf(request("0"), claim, OPERATOR_CREDENTIALS.secretAccessKey, sha256(""));

    expect(claim?.date).toBe(dates["x-amz-date"] ?? dates.date);
    expect(authenticate(request(String(signature)))).toEqual({ kind: "operator", arn: expect.any(String) });
  });

  it("shows what should have been signed", () => {
    expect(() => authenticate(byHeader())).toThrow(
      expect.objectContaining({
        details: {
          AWSAccessKeyId: KEY,
          SignatureProvided: "0",
          StringToSign: expect.stringMatching(/^AWS4-HMAC-SHA256\n\d{8}T\d{6}Z\n\d{8}\/us-east-1\/s3\/aws4_request\n/),
          CanonicalRequest: expect.stringMatching(/^GET\n\/b\/k\n\nhost:/),
        },
      }),
    );
  });

  it("tells how far the clocks are apart", () => {
    expect(() => authenticate(byHeader({ "x-amz-date": "20200101T000000Z" }))).toThrow(
      expect.objectContaining({
        details: {
          RequestTime: "20200101T000000Z",
          ServerTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
          MaxAllowedSkewMilliseconds: "900000",
        },
      }),
    );
  });
});
