import { request } from "node:http";
import { text } from "node:stream/consumers";
import { DecisionTrail } from "../../iam/decision-trail";
import { apiRoutes } from "../server/api";
import { type ConsoleServer, startConsoleServer } from "../server/console-server";
import { EventStream } from "../server/event-stream";
import { LogLines } from "../server/log-lines";
import { refusal } from "../server/request-guard";

let server: ConsoleServer;
let port = 0;
const stream = new EventStream();

beforeAll(async () => {
  const stack = { name: "s", region: "r", apiUrl: "", awsUrl: "", accessKeyId: "", secretAccessKey: "" };
  const routes = apiRoutes({
    stack: { ...stack, originalBucket: "originals", buckets: [], machines: [] },
    machines: [],
    contents: () => undefined,
    trail: new DecisionTrail(),
    log: new LogLines(),
    stream,
  });
  server = await startConsoleServer(0, routes);
  port = Number(new URL(server.url).port);
});
afterAll(async () => {
  stream.stop();
  await server.stop();
});

/** Node's own client sends any header, which fetch would not. */
async function ask(path: string, headers: Readonly<Record<string, string>> = {}, method = "GET") {
  const { promise, resolve, reject } = Promise.withResolvers<import("node:http").IncomingMessage>();
  request({ host: "127.0.0.1", port, path, method, headers, agent: false }, resolve).once("error", reject).end();
  const response = await promise;
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
const own = () => `http://127.0.0.1:${port}`;

describe("the console's guard", () => {
  it("listens on this machine only", () => {
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
  });

  it.each(["127.0.0.1", "localhost"])("answers to %s", async (name) => {
    expect((await ask("/api/stack", { host: `${name}:${port}` })).status).toBe(200);
  });

  it.each([
    "evil.example",
    "evil.example:PORT",
    "127.0.0.1",
    "127.0.0.1:1",
    "127.0.0.1.evil.example:PORT",
    "[::1]:PORT",
  ])("refuses the Host %s, to which a name of somebody else's may lead", async (given) => {
    const host = given.replace("PORT", String(port));
    const { status, body } = await ask("/api/stack", { host });

    expect(status).toBe(421);
    expect(JSON.parse(body).message).toBe(
      `Expected one of 127.0.0.1:${port}, localhost:${port} for Host but received ${host}`,
    );
  });

  it.each(["/", "/api/stack", "/api/events", "/api/objects/originals/cat.jpg"])(
    "refuses %s to a page of another origin",
    async (path) => {
      const { status, body } = await ask(path, { origin: "http://evil.example" });

      expect(status).toBe(403);
      expect(JSON.parse(body).message).toBe(`Expected ${own()} for Origin but received http://evil.example`);
    },
  );

  it.each(["127.0.0.1", "localhost", "127.0.0.1:80"])("answers to %s on the port that browsers leave out", (host) => {
    expect(refusal({ method: "PUT", headers: { host, origin: `http://${host}` } }, 80)).toBeUndefined();
  });

  it.each(["evil.example", "127.0.0.1:81"])("refuses the Host %s on that port as well", (host) => {
    expect(refusal({ method: "GET", headers: { host } }, 80)).toEqual({
      status: 421,
      message: `Expected one of 127.0.0.1, 127.0.0.1:80, localhost, localhost:80 for Host but received ${host}`,
    });
  });

  it.each(["http://localhost:PORT", "https://127.0.0.1:PORT", "http://127.0.0.1:1", "null"])(
    "refuses the Origin %s, which is not the Host's",
    async (given) => {
      const origin = given.replace("PORT", String(port));

      expect((await ask("/api/objects/originals/cat.jpg", { origin }, "PUT")).status).toBe(403);
    },
  );

  it("refuses what changes something and does not say where it comes from", async () => {
    const { status, body } = await ask("/api/objects/originals/cat.jpg", {}, "PUT");

    expect(status).toBe(403);
    expect(JSON.parse(body).message).toBe(`Expected ${own()} for Origin but received none`);
  });

  it.each(["cross-site", "same-site"])("refuses a picture or a script of its API to a %s page", async (site) => {
    const { status, body } = await ask("/api/stack", { "sec-fetch-site": site, "sec-fetch-mode": "no-cors" });

    expect(status).toBe(403);
    expect(JSON.parse(body).message).toBe(`Expected same-origin for Sec-Fetch-Site but received ${site}`);
  });

  it("refuses a form that another page sends", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", origin: own() };

    expect((await ask("/api/objects/originals/cat.jpg", headers, "PUT")).status).toBe(403);
  });

  it("can be linked to", async () => {
    const headers = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" };

    expect((await ask("/", headers)).status).toBe(200);
  });

  it("lets a page do nothing but what its own script does", async () => {
    const { headers } = await ask("/");

    expect(headers["content-security-policy"]).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
  });

  it.each(["/", "/console.js", "/console.css", "/icon.svg", "/api/stack", "/api/none", "/none"])(
    "says of %s that it is what it says, and nobody else's",
    async (path) => {
      const { headers } = await ask(path);

      expect(headers).toMatchObject({
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
        "x-frame-options": "DENY",
        "referrer-policy": "no-referrer",
      });
      expect(headers["access-control-allow-origin"]).toBeUndefined();
    },
  );
});

describe("the console's page", () => {
  it("takes nothing from the internet", async () => {
    const files = await Promise.all(["/", "/console.js", "/console.css", "/icon.svg"].map((path) => ask(path)));
    const text = files.map(({ body }) => body).join("\n");

    // Names of XML, which nobody opens.
    const addresses = [...text.matchAll(/https?:\/\/[\w.]+/g)].map(([address]) => address);
    expect(addresses.filter((address) => address !== "http://www.w3.org")).toEqual([]);
    expect(text).not.toContain("sourceMappingURL");
  });

  it("is under 100 KB compressed", async () => {
    const files = ["/", "/console.js", "/console.css", "/icon.svg"];
    const answers = await Promise.all(files.map((path) => ask(path, { "accept-encoding": "gzip" })));
    const bytes = answers.reduce((sum, { headers }) => sum + Number(headers["content-length"]), 0);

    expect(answers.map(({ headers }) => headers["content-encoding"])).toEqual(["gzip", "gzip", "gzip", "gzip"]);
    expect(bytes).toBeLessThan(100_000);
  });

  it("is not sent again to who has it", async () => {
    const { headers } = await ask("/console.js");

    expect((await ask("/console.js", { "if-none-match": String(headers.etag) })).status).toBe(304);
  });

  it.each([
    ["GET", "/api/none", 404, "There is no /api/none"],
    ["GET", "/none", 404, "There is no /none"],
    ["GET", "/../package.json", 404, "There is no /package.json"],
    ["POST", "/", 405, "Expected GET of / but received POST"],
    ["DELETE", "/api/stack", 405, "Expected GET of /api/stack but received DELETE"],
    ["GET", "/api/executions/m/none", 404, "There is no execution none of m, or it is too old"],
    ["GET", "/api/buckets/none", 404, "Expected a bucket of the stack but received none"],
    ["GET", "/api/log?from=-1", 400, "Expected a whole number for from but received -1"],
    ["GET", "/api/buckets/%ff", 400, "Expected a path in percent-encoding but received %ff"],
    ["PUT", "/api/objects/resized/x", 400, "Expected the bucket of originals, originals, but received resized"],
  ])("answers %s %s with %i", async (method, path, status, message) => {
    const answer = await ask(path, { origin: own() }, method);

    expect([answer.status, JSON.parse(answer.body).message]).toEqual([status, message]);
  });
});
