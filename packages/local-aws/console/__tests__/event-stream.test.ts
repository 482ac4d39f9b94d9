import { createServer, type Server } from "node:http";
import { connect } from "node:net";
import { EventStream } from "../server/event-stream";

let server: Server;
let stream: EventStream;
let url = "";

beforeEach(async () => {
  stream = new EventStream();
  server = createServer((_request, response) => stream.open(response, {}));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = address !== null && typeof address === "object" ? `http://127.0.0.1:${address.port}` : "";
});
afterEach(async () => {
  stream.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const summary = (name: string, status: "RUNNING" | "SUCCEEDED" = "RUNNING") => ({
  machine: "m",
  name,
  status,
  startedAt: 0,
  redriveCount: 0,
});

/** The messages of a page that is open, one after the other. */
async function* messages() {
  const response = await fetch(url);
  const decoder = new TextDecoder();
  let text = "";
  for await (const piece of response.body ?? []) {
    text += decoder.decode(piece, { stream: true });
    const parts = text.split("\n\n");
    text = parts.pop() ?? "";
    for (const part of parts) {
      const [, data] = /^data: (.*)$/m.exec(part) ?? [];
      yield data === undefined ? undefined : JSON.parse(data);
    }
  }
}

describe("EventStream", () => {
  it("remembers nothing while nobody looks", () => {
    let asked = 0;
    stream.execution("arn", () => {
      asked += 1;
      return summary("x");
    });

    expect([stream.watched, asked]).toEqual([false, 0]);
  });

  it("tells of many changes of one thing the last, and of a thing that is gone nothing", async () => {
    const page = messages();
    await page.next();
    for (let change = 0; change < 100; change++) stream.execution("one", () => summary("one", "SUCCEEDED"));
    stream.execution("two", () => undefined);
    stream.object("b", "k");
    stream.object("b", "k");
    stream.line({ id: 1, at: 0, part: "s3", text: "x" });
    const { value } = await page.next();
    await page.return();

    expect(value).toEqual({
      executions: [summary("one", "SUCCEEDED")],
      mapRuns: [],
      objects: [{ bucket: "b", key: "k" }],
      log: [{ id: 1, at: 0, part: "s3", text: "x" }],
    });
  });

  it("has a clock only once somebody looks", async () => {
    const clock = jest.spyOn(globalThis, "setInterval");
    const unseen = new EventStream();
    unseen.stop();
    const before = clock.mock.calls.length;
    const page = messages();
    await page.next();

    expect([before, clock.mock.calls.length]).toEqual([0, 1]);
    clock.mockRestore();
    await page.return();
  });

  it("lets go of a page that takes nothing any more", async () => {
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n");
    socket.pause();
    socket.on("error", () => {});
    while (!stream.watched) await new Promise((resolve) => setTimeout(resolve, 5));
    const text = "x".repeat(1024 ** 2);
    for (let count = 0; count < 100 && stream.watched; count++) {
      stream.line({ id: count, at: 0, part: "s3", text });
      await new Promise((resolve) => setTimeout(resolve, 100));
    }

    expect(stream.watched).toBe(false);
    socket.destroy();
  });
});
