import { createServer } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { AwsError } from "../aws-error";
import { listen } from "../listen";
import { unlessStalled } from "../s3/stalled";

const IDLE_MS = 20;

describe("a request whose body does not come", () => {
  const server = createServer((request, response) => {
    unlessStalled(request, text(request), IDLE_MS).then(
      (body) => response.end(body),
      (error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        response.writeHead(error.statusCode, error.headers).end(error.code);
      },
    );
  });
  let port: number;

  beforeAll(async () => {
    port = Number(new URL(await listen(server, 0, "port")).port);
  });
  afterAll(() => server.close());

  const send = (body: string) => {
    const socket = connect(port, "127.0.0.1");
    socket.write(`PUT / HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\n\r\n${body}`);
    return socket;
  };

  it.each(["", "abc"])("is refused and cut off after %j", async (body) => {
    expect(await text(send(body))).toMatch(/^HTTP\/1.1 400 .*connection: close.*RequestTimeout/is);
  });

  it("is answered as ever when it comes", async () => {
    const socket = send("abcd");
    const [answer] = await Promise.all([text(socket), socket.end()]);

    expect(answer).toMatch(/^HTTP\/1.1 200 .*abcd/s);
  });
});
