import type { SignableRequest } from "./signature";
import { sha256, signatureOf } from "./signature";

/** Who signs, and for what. */
export interface Signer {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

const SIGNED_HEADERS = ["host", "x-amz-content-sha256", "x-amz-date"];

/**
 * The headers that sign a request whose payload nobody has read yet.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedHeaders(
  { method, url }: Pick<SignableRequest, "method" | "url">,
  host: string,
  { accessKeyId, secretAccessKey, region, service }: Signer,
  payload?: string,
): Readonly<Record<string, string>> {
  const date = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${date.slice(0, 8)}/${region}/${service}/aws4_request`;
  const hash = payload === undefined ? "UNSIGNED-PAYLOAD" : sha256(payload);
  const headers = { host, "x-amz-content-sha256": hash, "x-amz-date": date };
  const signing = { scope, service, date, signedHeaders: SIGNED_HEADERS };
  const signature = signatureOf({ method, url, headers }, signing, secretAccessKey, hash);
  const credential = `Credential=${accessKeyId}/${scope}`;
  const authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${SIGNED_HEADERS.join(";")}, Signature=${signature}`;
  return { ...headers, authorization };
}
