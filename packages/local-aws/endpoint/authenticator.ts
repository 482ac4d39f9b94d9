import { timingSafeEqual } from "node:crypto";
import type { Principal } from "@image-pipeline/iam-policy";
import { AwsError } from "../aws-error";
import type { CredentialStore } from "../iam/credentials";
import type { ChunkSeed } from "./chunk-signatures";
import { readClaim, versionTwo } from "./read-claim";
import { type Called, refuseClaim, refuseUnsigned } from "./refuse-claim";
import { type SignableRequest, type SignatureClaim, sha256, signatureMatches, signedTexts } from "./signature";
import { hmac, signingKey } from "./signing-key";

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
    const claim = readClaim(request);
    if (claim === undefined) return { kind: "anonymous" };
    const { accessKeyId } = claim;
    refuseClaim(claim, { region: this.region, service });
    const known = this.credentials.find(accessKeyId);
    if (known === undefined) throw unknownKey(accessKeyId);
    if (known.sessionToken !== claim.sessionToken)
      throw new AwsError("InvalidToken", 400, "The provided token is malformed or otherwise invalid.");
    refuseUnsigned(claim, request.headers);
    const hash = payloadHash(request, claim, body);
    if (signatureMatches(request, claim, known.secretAccessKey, hash)) return known.principal;
    const { stringToSign, canonicalRequest } = signedTexts(request, claim, hash);
    throw otherSignature({
      AWSAccessKeyId: accessKeyId,
      StringToSign: stringToSign,
      SignatureProvided: claim.signature,
      CanonicalRequest: canonicalRequest,
    });
  }

  /**
   * Who signed the policy of a form; anonymous where there is none.
   * https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
   * @param fields by their names in lower case
   * @throws AwsError when it is signed, and wrongly
   */
  authenticateForm(fields: ReadonlyMap<string, string>): Principal {
    const policy = fields.get("policy");
    if (policy === undefined) return { kind: "anonymous" };
    if (fields.has("awsaccesskeyid") && fields.has("signature")) throw versionTwo();
    const field = (name: string): string => {
      const value = fields.get(name.toLowerCase());
      if (value !== undefined) return value;
      const message = `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`;
      throw new AwsError("InvalidArgument", 400, message);
    };
    const [accessKeyId = "", ...scope] = field("X-Amz-Credential").split("/");
    if (field("X-Amz-Algorithm") !== "AWS4-HMAC-SHA256")
      throw new AwsError("InvalidArgument", 400, 'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"');
    const [date, region, service] = scope;
    if (date !== field("X-Amz-Date").slice(0, 8) || region !== this.region || service !== "s3")
      throw new AwsError("InvalidArgument", 400, "The credential's scope is not that of the request");
    const known = this.credentials.find(accessKeyId);
    if (known === undefined) throw unknownKey(accessKeyId);
    if (known.sessionToken !== fields.get("x-amz-security-token"))
      throw new AwsError("InvalidToken", 400, "The provided token is malformed or otherwise invalid.");
    const expected = Buffer.from(hmac(signingKey(known.secretAccessKey, scope.join("/")), policy).toString("hex"));
    const actual = Buffer.from(field("X-Amz-Signature"));
    if (expected.length === actual.length && timingSafeEqual(expected, actual)) return known.principal;
    throw otherSignature({ AWSAccessKeyId: accessKeyId, StringToSign: policy });
  }

  /** What the signatures of a payload's chunks go on from; undefined for a request that is not signed. */
  chunkSeed(request: SignableRequest): ChunkSeed | undefined {
    const claim = readClaim(request);
    const known = claim && this.credentials.find(claim.accessKeyId);
    return claim && known && { ...claim, secretAccessKey: known.secretAccessKey };
  }
}

function unknownKey(accessKeyId: string): AwsError {
  const message = "The AWS Access Key Id you provided does not exist in our records.";
  return new AwsError("InvalidAccessKeyId", 403, message, {}, { AWSAccessKeyId: accessKeyId });
}

/** @param details what was signed, for whoever has to find out why it was not that */
function otherSignature(details: Readonly<Record<string, string>>): AwsError {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your key and signing method.";
  return new AwsError("SignatureDoesNotMatch", 403, message, {}, details);
}

function payloadHash(request: SignableRequest, claim: SignatureClaim, body: Uint8Array | undefined): string {
  if (body !== undefined) return sha256(body);
  if (claim.expiresSeconds !== undefined) return UNSIGNED_PAYLOAD;
  const declared = request.headers["x-amz-content-sha256"];
  return typeof declared === "string" ? declared : sha256("");
}
