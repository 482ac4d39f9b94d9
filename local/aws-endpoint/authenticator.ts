import { AwsError } from "../aws-error";
import type { CredentialStore } from "../iam/credentials";
import type { Principal } from "../iam/evaluate";
import { readClaim, type SignableRequest, type SignatureClaim, sha256, signatureMatches } from "./signature";

// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html: "within 15 minutes"
const MAX_SKEW_MS = 15 * 60 * 1000;
const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** Tells who sent a request, by its signature. Errors carry S3's codes. */
export class Authenticator {
  constructor(
    private readonly credentials: CredentialStore,
    private readonly region: string,
  ) {}

  /**
   * The principal a request is signed by; anonymous when it is not signed at all.
   * @throws AwsError when it is signed, and wrongly
   */
  authenticate(request: SignableRequest, body?: Uint8Array): Principal {
    const claim = readClaim(request);
    if (claim === undefined) {
      if (request.headers.authorization === undefined) return { kind: "anonymous" };
      throw new AwsError(
        "InvalidRequest",
        400,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
      );
    }
    const known = this.credentials.find(claim.accessKeyId);
    if (known === undefined) {
      throw new AwsError(
        "InvalidAccessKeyId",
        403,
        `The AWS Access Key Id you provided does not exist in our records: ${claim.accessKeyId}`,
      );
    }
    if (known.sessionToken !== claim.sessionToken)
      throw new AwsError("InvalidToken", 400, "The provided token is malformed or otherwise invalid.");
    if (claim.region !== this.region) {
      throw new AwsError(
        "AuthorizationHeaderMalformed",
        400,
        `The authorization header is malformed; the region '${claim.region}' is wrong; expecting '${this.region}'`,
      );
    }
    refuseOutOfTime(claim);
    if (!signatureMatches(request, claim, known.secretAccessKey, payloadHash(request, claim, body))) {
      throw new AwsError(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your AWS secret access key and signing method.",
      );
    }
    return known.principal;
  }
}

function payloadHash(request: SignableRequest, claim: SignatureClaim, body: Uint8Array | undefined): string {
  if (claim.expiresSeconds !== undefined) return UNSIGNED_PAYLOAD;
  const declared = request.headers["x-amz-content-sha256"];
  if (typeof declared === "string") return declared;
  return sha256(body ?? "");
}

function refuseOutOfTime({ date, expiresSeconds }: SignatureClaim): void {
  const signedAt = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const ageMs = Date.now() - signedAt;
  if (expiresSeconds !== undefined) {
    if (!(ageMs <= expiresSeconds * 1000)) throw new AwsError("AccessDenied", 403, "Request has expired");
    return;
  }
  if (!(Math.abs(ageMs) <= MAX_SKEW_MS)) {
    throw new AwsError(
      "RequestTimeTooSkewed",
      403,
      "The difference between the request time and the current time is too large.",
    );
  }
}
