import { AwsError } from "../aws-error";
import type { CredentialStore } from "../iam/credentials";
import type { Principal } from "../iam/evaluate";
import type { ChunkSeed } from "./chunk-signatures";
import { type Called, refuseClaim } from "./refuse-claim";
import { readClaim, type SignableRequest, type SignatureClaim, sha256, signatureMatches } from "./signature";

const UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

/** Tells who sent a request, by its signature. Errors carry S3's codes. */
export class Authenticator {
  constructor(
    private readonly credentials: CredentialStore,
    private readonly region: string,
  ) {}

  /**
   * The principal a request is signed by; anonymous when it is not signed at all. Without a body, S3's way, the payload is
   * signed by the hash that a header declares.
   * @throws AwsError when it is signed, and wrongly
   */
  authenticate(request: SignableRequest, service: Called["service"] = "s3", body?: Uint8Array): Principal {
    const { authorization } = request.headers;
    const claim = readClaim(request);
    if (claim === undefined) {
      if (authorization === undefined) return { kind: "anonymous" };
      throw new AwsError(
        "InvalidRequest",
        400,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
      );
    }
    if (authorization !== undefined && /[?&]X-Amz-(Algorithm|Signature)=/.test(request.url)) {
      throw new AwsError(
        "InvalidArgument",
        400,
        "Only one auth mechanism allowed: the X-Amz-Algorithm query parameter or the Authorization header",
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
    refuseClaim(claim, request.headers, { region: this.region, service });
    if (!signatureMatches(request, claim, known.secretAccessKey, payloadHash(request, claim, body))) {
      throw new AwsError(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your AWS secret access key and signing method.",
      );
    }
    return known.principal;
  }

  /** What the signatures of a payload's chunks go on from; undefined for a request that is not signed. */
  chunkSeed(request: SignableRequest): ChunkSeed | undefined {
    const claim = readClaim(request);
    const known = claim && this.credentials.find(claim.accessKeyId);
    return claim && known && { ...claim, secretAccessKey: known.secretAccessKey };
  }
}

function payloadHash(request: SignableRequest, claim: SignatureClaim, body: Uint8Array | undefined): string {
  if (body !== undefined) return sha256(body);
  if (claim.expiresSeconds !== undefined) return UNSIGNED_PAYLOAD;
  const declared = request.headers["x-amz-content-sha256"];
  return typeof declared === "string" ? declared : sha256("");
}
