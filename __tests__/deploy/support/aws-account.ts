import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AwsRequest } from "./aws-request";
import { changeStage } from "./change-stage";
import { MotoGaps } from "./moto-gaps";

/** An AWS account of its own: a Moto server, with what Moto lacks in front of it. */
export interface AwsAccount {
  readonly accountId: string;
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  /** Every call so far, oldest first. */
  readonly requests: readonly AwsRequest[];
  stop(): Promise<void>;
}

/** Starts an empty account on free ports of this machine. */
export async function startAccount(accountId: string): Promise<AwsAccount> {
  const { child, port } = await startMoto(accountId);
  const requests: AwsRequest[] = [];
  const gaps = new MotoGaps();
  const front = createServer((incoming, response) => {
    handle(incoming, response, port, requests, gaps).catch((error: Error) => refuse(response, error.message));
  });
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  return {
    accountId,
    endpoint: `http://127.0.0.1:${portOf(front)}`,
    requests,
    async stop() {
      front.close();
      front.closeAllConnections();
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

async function startMoto(accountId: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn("moto_server", ["--host", "127.0.0.1", "--port", "0"], {
    env: { ...process.env, MOTO_ACCOUNT_ID: accountId, PYTHONUNBUFFERED: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve, reject) => {
    let output = "";
    const look = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-2_000);
      const [, port] = /Running on http:\/\/127\.0\.0\.1:(\d+)/.exec(output) ?? [];
      if (port) resolve({ child, port: Number(port) });
    };
    child.stdout.on("data", look);
    child.stderr.on("data", look);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${code} before it was ready:\n${output}`)));
  });
}

async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  motoPort: number,
  requests: AwsRequest[],
  gaps: MotoGaps,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const { method = "GET", url = "/", headers } = incoming;
  const received = { method, url, headers, body: bytes.toString() };
  requests.push(received);

  const answer = gaps.answer(received) ?? (await changeStage(received, `http://127.0.0.1:${motoPort}`));
  if (answer !== undefined) {
    response.writeHead(answer.status, { "content-type": answer.contentType, ...answer.headers }).end(answer.body);
    return;
  }
  const onward = request({ host: "127.0.0.1", port: motoPort, method, path: url, headers }, (reply) => {
    const { statusCode = 502 } = reply;
    if (statusCode >= 500) {
      reply.resume();
      refuse(response, `Moto answered ${statusCode} to ${method} ${url}`);
      return;
    }
    response.writeHead(statusCode, reply.headers);
    reply.pipe(response);
  });
  onward.once("error", (error) => response.destroy(error));
  onward.end(bytes);
}

/**
 * Ends what Moto cannot do. It answers 500 to an action that it does not have, which a client tries again, the AWS provider
 * for many minutes; 501 is an answer that no client tries again.
 */
function refuse(response: ServerResponse, message: string): void {
  response.writeHead(501, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}

function portOf(server: Server): number {
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("expected a server that listens on a port");
  return address.port;
}
