import { once } from "node:events";
import { createServer } from "node:http";

/** A call of an AWS JSON protocol: `StartExecution` and its fields. */
export interface JsonCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** Gives the fields of an answer. @throws JsonFault */
export type Answers = Readonly<Record<string, (input: JsonCall["input"]) => object>>;

/** An error that an AWS service answers. */
export class JsonFault extends Error {
  override readonly name = "JsonFault";
  constructor(readonly code: string) {
    super(code);
  }
}

/** An endpoint that answers the calls of AWS's JSON protocols, and writes them down. */
export async function startJsonEndpoint(answers: Answers) {
  const calls: JsonCall[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const name = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
    const input = JSON.parse(Buffer.concat(chunks).toString());
    calls.push({ name, input });
    try {
      const answer = answers[name];
      if (answer === undefined) throw new JsonFault("UnknownOperationException");
      const fields = JSON.stringify(answer(input));
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end(fields);
    } catch (error) {
      const code = error instanceof JsonFault ? error.code : "InternalFailure";
      response.writeHead(400, { "x-amzn-errortype": code }).end(JSON.stringify({ __type: code, message: code }));
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected the server to have a port");
  return {
    calls,
    /** How an SDK client talks to it. */
    client: {
      endpoint: `http://127.0.0.1:${address.port}`,
      region: "eu-central-1",
      credentials: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
      maxAttempts: 1,
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
