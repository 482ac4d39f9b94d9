import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { signedHeaders } from "../../endpoint/sign-request";
import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import { keyPath } from "../key-path";

/** Where uploads go. */
export interface UploadTarget {
  readonly awsUrl: string;
  readonly region: string;
}

/**
 * Hands the body of a request on to S3, by the door that every client takes: signed as the operator, so that the bucket's
 * policy, its log line and its event are those of any upload. Answers as S3 does.
 */
export async function upload(
  request: IncomingMessage,
  response: ServerResponse,
  place: { readonly bucket: string; readonly key: string },
  { awsUrl, region }: UploadTarget,
  securityHeaders: Readonly<Record<string, string>>,
): Promise<void> {
  const { host } = new URL(awsUrl);
  const url = `/${encodeURIComponent(place.bucket)}/${keyPath(place.key)}`;
  const signer = { ...OPERATOR_CREDENTIALS, region, service: "s3" };
  const length = request.headers["content-length"];
  const type = request.headers["content-type"];
  const answered = Promise.withResolvers<IncomingMessage>();
  const onward = httpRequest(`${awsUrl}${url}`, {
    method: "PUT",
    headers: {
      ...signedHeaders({ method: "PUT", url }, host, signer),
      ...(length !== undefined && { "content-length": length }),
      ...(type !== undefined && { "content-type": type }),
    },
  });
  onward.once("response", answered.resolve).once("error", answered.reject);
  // A refusal may come before all bytes are sent.
  const sent = pipeline(request, onward).catch(() => {});
  const answer = await answered.promise;
  response.writeHead(answer.statusCode ?? 502, {
    ...securityHeaders,
    "content-type": answer.headers["content-type"] ?? "text/plain",
    "cache-control": "no-store",
  });
  await pipeline(answer, response);
  await sent;
}
