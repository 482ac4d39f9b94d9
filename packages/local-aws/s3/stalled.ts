import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error";

/** How long nothing may come of a body that was announced. S3 documents that it waits, and not how long. */
const IDLE_MS = 20_000;

/**
 * What `work` comes to, which reads the body of a request.
 * @throws AwsError RequestTimeout when nothing comes of the body any more, and ends the connection
 */
export async function unlessStalled<Result>(
  request: IncomingMessage,
  work: Promise<Result>,
  idleMs = IDLE_MS,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const stalled = new Promise<never>((_resolve, reject) => {
    let received = request.socket.bytesRead;
    timer = setInterval(() => {
      const { bytesRead } = request.socket;
      if (!request.complete && bytesRead === received) reject(requestTimeout());
      received = bytesRead;
    }, idleMs);
  });
  try {
    return await Promise.race([work, stalled]);
  } finally {
    clearInterval(timer);
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function requestTimeout(): AwsError {
  const message =
    "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.";
  return new AwsError("RequestTimeout", 400, message, { connection: "close" });
}
