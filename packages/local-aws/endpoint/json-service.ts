import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError } from "../aws-error";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../json";

// A little more than the largest request of a service with a JSON protocol: an invocation of Lambda with 6 MB.
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** The whole body of a request. @throws AwsError when it is too large */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES)
      throw new AwsError("RequestEntityTooLargeException", 413, `expected at most ${MAX_BODY_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The body of a request in one of AWS's JSON protocols. */
export function parseJsonBody(body: Buffer): JsonObject {
  try {
    const json: Json = body.length === 0 ? {} : parseJson(body.toString("utf8"));
    if (isJsonObject(json)) return json;
  } catch {
    // Refused below, with JSON that is no object.
  }
  throw new AwsError("SerializationException", 400, "Expected a JSON object as the body");
}

/** Answers in AWS JSON 1.0. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: Json | object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    "content-type": "application/x-amz-json-1.0",
    "x-amzn-requestid": randomUUID(),
    ...headers,
  });
  response.end(JSON.stringify(body));
}

/** Answers with an error in the form that both AWS JSON and REST JSON clients read. */
export function sendError(response: ServerResponse, error: unknown): void {
  const { code, statusCode, message } =
    error instanceof AwsError
      ? error
      : new AwsError("InternalFailure", 500, error instanceof Error ? error.message : String(error));
  sendJson(response, statusCode, { __type: code, message }, { "x-amzn-errortype": code });
}

/** Answers a call of the query protocol (STS, IAM, SNS ...), which none of the services here speak. */
export function sendQueryError(response: ServerResponse, { code, statusCode, message }: AwsError): void {
  response.writeHead(statusCode, { "content-type": "text/xml" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}
