import { createServer, request as httpRequest, type Server } from "node:http";
import { connect } from "node:net";
import { parsePolicy } from "@image-pipeline/iam-policy";
import { atLocalAddress, Delivery } from "../delivery/delivery";
import { Authenticator } from "../endpoint/authenticator";
import { Authorizer } from "../iam/authorizer";
import { CredentialStore } from "../iam/credentials";
import type { JsonObject } from "../json";
import { S3Server } from "../s3/s3-server";
import type { Distribution, StackObject } from "../stack/stack-model";

const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const ARN = "arn:aws:cloudfront::111111111111:distribution/E1";
const READ: JsonObject = {
  Effect: "Allow",
  Principal: { Service: "cloudfront.amazonaws.com" },
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::pictures/*",
  Condition: { StringEquals: { "aws:SourceArn": ARN } },
};
const LIST: JsonObject = { ...READ, Action: "s3:ListBucket", Resource: "arn:aws:s3:::pictures" };
const DISTRIBUTION: Distribution = {
  address: "aws_cloudfront_distribution.d",
  arn: ARN,
  hosts: ["e1.cloudfront.net", "pictures.example.com"],
  bucketName: "pictures",
  methods: ["GET", "HEAD"],
  headers: { always: { "x-content-type-options": "nosniff" }, cors: undefined },
  errors: [{ errorCode: 403, page: { status: 404, path: "/404.txt" } }],
};

const PICTURE = "0123456789";
const object = (key: string, content = PICTURE, headers: Record<string, string> = {}): StackObject => ({
  address: "aws_s3_object.o",
  bucketName: "pictures",
  key,
  content,
  headers: { "content-type": "image/webp", ...headers },
});
const NOT_FOUND = object("404.txt", "Not found\n", {
  "content-type": "text/plain",
  "cache-control": "public, max-age=2",
});

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

interface Options {
  readonly objects?: readonly StackObject[];
  readonly statements?: readonly JsonObject[];
  readonly distribution?: Partial<Distribution>;
}

/** A distribution of the bucket `pictures`, as it answers on a port. */
async function deliver({ objects = [], statements = [READ], distribution = {} }: Options = {}) {
  const lines: string[] = [];
  const log = (part: string, text: string) => void lines.push(`${part} ${text}`);
  const authorizer = new Authorizer(PLACE, log);
  const policy = parsePolicy(
    { Version: "2012-10-17", Statement: [...statements] },
    "aws_s3_bucket_policy.p",
    "resource",
  );
  const s3 = new S3Server({
    buckets: [
      {
        address: "aws_s3_bucket.b",
        name: "pictures",
        arn: "arn:aws:s3:::pictures",
        policy,
        versioning: "Enabled",
        cors: [],
        encryption: { algorithm: "AES256", bucketKey: false },
        sendsEvents: false,
      },
    ],
    authenticator: new Authenticator(new CredentialStore(PLACE.accountId), PLACE.region),
    authorizer,
    log: () => {},
    onObjectChanged: () => {},
  });
  await s3.putObjects([NOT_FOUND, ...objects]);
  const service = "cloudfront.amazonaws.com";
  const context = { "aws:sourcearn": ARN, "aws:sourceaccount": PLACE.accountId };
  const delivery = new Delivery(
    { ...DISTRIBUTION, ...distribution },
    ({ path, ...asked }) => s3.read({ ...asked, url: `/pictures${path}`, service, context }),
    log,
  );
  const server: Server = createServer((request, response) => delivery.handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  ends.push(() => {
    server.closeAllConnections();
    server.close();
    s3.stop();
  });
  return { port, lines, s3 };
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Asks for a path as it is written, which `fetch` would tidy up. */
function ask(port: number, path: string, headers: Record<string, string> = {}, method = "GET"): Promise<Answer> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => {
        body += piece;
      });
      response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .once("error", reject)
      .end();
  });
}

describe("the local delivery", () => {
  const aPicture = object("a/thumb-cat.webp", PICTURE, { "cache-control": "public, max-age=60" });

  it("gives an object with all that S3 says of it, and what the policy of headers adds", async () => {
    const { port } = await deliver({ objects: [aPicture] });

    const { status, headers, body } = await ask(port, "/a/thumb-cat.webp");

    expect({ status, body }).toEqual({ status: 200, body: PICTURE });
    expect(headers).toMatchObject({
      "accept-ranges": "bytes",
      "cache-control": "public, max-age=60",
      "content-length": "10",
      "content-type": "image/webp",
      etag: '"781e5e245d69b566979b86e28d23f2c7"',
      "last-modified": expect.stringMatching(/GMT$/),
      "x-cache": "Miss from cloudfront",
      "x-content-type-options": "nosniff",
    });
  });

  it("answers HEAD with the same headers and no body", async () => {
    const { port } = await deliver({ objects: [aPicture] });

    const [head, get] = [await ask(port, "/a/thumb-cat.webp", {}, "HEAD"), await ask(port, "/a/thumb-cat.webp")];

    const named = ({ headers }: Answer) => {
      const { date, "x-amz-request-id": id, ...rest } = headers;
      return rest;
    };
    expect(head).toMatchObject({ status: 200, body: "" });
    expect(named(head)).toEqual(named(get));
  });

  it.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-1", 206, "9", "bytes 9-9/10"],
    ["bytes=8-99", 206, "89", "bytes 8-9/10"],
    ["lines=1-2", 200, PICTURE, undefined],
  ])("gives the range %s", async (range, status, body, contentRange) => {
    const { port } = await deliver({ objects: [aPicture] });

    const answer = await ask(port, "/a/thumb-cat.webp", { range });

    expect(answer).toMatchObject({ status, body });
    expect(answer.headers["content-range"]).toBe(contentRange);
  });

  it("says that a range is behind the end", async () => {
    const { port } = await deliver({ objects: [aPicture] });

    const answer = await ask(port, "/a/thumb-cat.webp", { range: "bytes=10-" });

    expect(answer.status).toBe(416);
    expect(answer.body).toContain("<Code>InvalidRange</Code>");
    expect(answer.headers["x-cache"]).toBe("Error from cloudfront");
  });

  it("gives the rest of an object to whoever has the beginning of this one, and the whole to anyone else", async () => {
    const { port } = await deliver({ objects: [aPicture] });
    const { etag, "last-modified": modified } = (await ask(port, "/a/thumb-cat.webp", {}, "HEAD")).headers;
    const resumed = async (condition: unknown) =>
      (await ask(port, "/a/thumb-cat.webp", { range: "bytes=5-", "if-range": String(condition) })).status;

    expect([await resumed(etag), await resumed(modified), await resumed('"other"')]).toEqual([206, 206, 200]);
  });

  it("says 304 to whoever has it already", async () => {
    const { port } = await deliver({ objects: [aPicture] });
    const { etag, "last-modified": modified } = (await ask(port, "/a/thumb-cat.webp")).headers;
    const since = async (headers: Record<string, string>) => {
      const { status, body, headers: said } = await ask(port, "/a/thumb-cat.webp", headers);
      return [status, body, said.etag === etag];
    };

    expect(await since({ "if-none-match": String(etag) })).toEqual([304, "", true]);
    expect(await since({ "if-modified-since": String(modified) })).toEqual([304, "", true]);
    expect(await since({ "if-none-match": '"other"' })).toEqual([200, PICTURE, true]);
  });

  it("shows the newest object under a key", async () => {
    const { port, s3 } = await deliver({ objects: [aPicture] });
    await s3.putObjects([object("a/thumb-cat.webp", "newer")]);

    expect((await ask(port, "/a/thumb-cat.webp")).body).toBe("newer");
  });

  it("passes no query on, as the cache policy says", async () => {
    const { port } = await deliver({ objects: [aPicture] });

    const answers = [
      await ask(port, "/a/thumb-cat.webp?v=2"),
      await ask(port, "/a/thumb-cat.webp?versionId=x&acl&response-content-type=text/html"),
    ];

    expect(answers).toMatchObject(Array(2).fill({ status: 200, headers: { "content-type": "image/webp" } }));
  });

  it.each([
    ["/a/thumb-c%C3%A4t.webp", "a/thumb-cät.webp"],
    ["/a%2Fthumb-cat.webp", "a/thumb-cat.webp"],
    ["/with%20space", "with space"],
    ["/with+space", "with space"],
    ["/a%2Bb", "a+b"],
    ["/%E2%98%83/%F0%9F%90%88.webp", "☃/🐈.webp"],
    ["/a/../b", "a/../b"],
    ["//double", "/double"],
    ["/100%25", "100%"],
  ])("reads %s as the key %s", async (path, key) => {
    const { port } = await deliver({ objects: [object(key, `of ${key}`)] });

    expect(await ask(port, path)).toMatchObject({ status: 200, body: `of ${key}` });
  });

  it.each(["/%zz", "/%FF", "/%"])("refuses %s, which is no key in UTF-8", async (path) => {
    const { port } = await deliver();

    const { status, body } = await ask(port, path);

    expect({ status, body }).toEqual({ status: 400, body: expect.stringContaining("<Code>InvalidURI</Code>") });
  });

  it.each(["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])("refuses %s, as CloudFront does", async (method) => {
    const { port } = await deliver({ objects: [aPicture] });

    const { status, body } = await ask(port, "/a/thumb-cat.webp", {}, method);

    expect(status).toBe(403);
    expect(body).toContain("This distribution is not configured to allow the HTTP request method");
  });

  it.each([
    ["127.0.0.1:1", 200],
    ["localhost:3001", 200],
    ["e1.cloudfront.net", 200],
    ["pictures.example.com", 200],
    ["attacker.example", 403],
  ])("answers under the name %s with %i", async (host, status) => {
    const { port } = await deliver({ objects: [aPicture] });

    expect((await ask(port, "/a/thumb-cat.webp", { host })).status).toBe(status);
  });

  it("goes on when someone goes away in the middle of a large picture", async () => {
    const { port } = await deliver({ objects: [object("large", "x".repeat(20_000_000)), aPicture] });
    await new Promise<void>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => socket.write("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n"));
      socket.once("data", () => socket.destroy());
      socket.once("close", () => resolve());
    });

    expect((await ask(port, "/a/thumb-cat.webp")).status).toBe(200);
    expect((await ask(port, "/large")).body).toHaveLength(20_000_000);
  });
});

describe("what the local delivery says of what is not there", () => {
  it.each(["/missing.webp", "/", "/a/", "/?list-type=2", "/?prefix=a"])(
    "is 404 with the page of the stack: %s",
    async (path) => {
      const { port } = await deliver({ objects: [object("a/thumb-cat.webp")] });

      const answer = await ask(port, path);

      expect(answer).toMatchObject({ status: 404, body: "Not found\n" });
      expect(answer.headers).toMatchObject({
        "cache-control": "public, max-age=2",
        "content-type": "text/plain",
        "x-cache": "Error from cloudfront",
        "x-content-type-options": "nosniff",
      });
    },
  );

  it("is the page whole, whatever range or condition came", async () => {
    const { port } = await deliver();
    const etag = String((await ask(port, "/404.txt")).headers.etag);

    expect(await ask(port, "/missing", { range: "bytes=0-1", "if-none-match": etag })).toMatchObject({
      status: 404,
      body: "Not found\n",
    });
  });

  it("has no body after HEAD", async () => {
    const { port } = await deliver();

    expect(await ask(port, "/missing", {}, "HEAD")).toMatchObject({ status: 404, body: "" });
  });

  it("is 403 as S3 says it, where the distribution has no custom error response", async () => {
    const { port } = await deliver({ distribution: { errors: [] } });

    const { status, body, headers } = await ask(port, "/missing");

    expect({ status, type: headers["content-type"] }).toEqual({ status: 403, type: "application/xml" });
    expect(body).toContain("<Code>AccessDenied</Code>");
  });

  it("is 403 where the page is not there, as CloudFront says what it got in the page's place", async () => {
    const { port } = await deliver({
      distribution: { errors: [{ errorCode: 403, page: { status: 404, path: "/gone.txt" } }] },
    });

    expect((await ask(port, "/missing")).status).toBe(403);
  });

  it("is S3's own 404 where the distribution may list the bucket", async () => {
    const { port } = await deliver({ statements: [READ, LIST] });

    const { status, body } = await ask(port, "/missing");

    expect({ status, body }).toEqual({ status: 404, body: expect.stringContaining("<Code>NoSuchKey</Code>") });
  });

  it("is a list of the bucket at / where the distribution may list it, which is why it must not", async () => {
    const { port } = await deliver({ statements: [READ, LIST], objects: [object("secret")] });

    expect((await ask(port, "/")).body).toContain("<Key>secret</Key>");
  });
});

describe("the bucket's policy, asked by the local delivery", () => {
  it.each([
    ["no statement", []],
    [
      "a statement for another distribution",
      [{ ...READ, Condition: { StringEquals: { "aws:SourceArn": `${ARN}2` } } }],
    ],
    ["a statement for another service", [{ ...READ, Principal: { Service: "lambda.amazonaws.com" } }]],
    ["a statement for another folder", [{ ...READ, Resource: "arn:aws:s3:::pictures/b/*" }]],
  ])("with %s lets nothing out, and says who may not do what", async (_which, statements) => {
    const { port, lines } = await deliver({ statements, objects: [object("a.webp")] });

    const { status } = await ask(port, "/a.webp");

    expect(status).toBe(403);
    expect(lines[0]).toMatch(
      /^iam denied: .*cloudfront\.amazonaws\.com is not authorized to perform: s3:GetObject on resource: arn:aws:s3:::pictures\/a\.webp/,
    );
  });

  it("says nothing of a key that is merely not there", async () => {
    const { port, lines } = await deliver();

    await ask(port, "/missing");

    expect(lines).toEqual(["delivery GET 404 /missing"]);
  });

  it("lets it in for the account, too", async () => {
    const statements = [{ ...READ, Condition: { StringEquals: { "aws:SourceAccount": PLACE.accountId } } }];
    const { port } = await deliver({ statements, objects: [object("a.webp")] });

    expect((await ask(port, "/a.webp")).status).toBe(200);
  });
});

describe("a delivery of what HTTP does not take", () => {
  it("ends the connection, and the run goes on", async () => {
    const headers = { "x-amz-meta-name": "line\nbreak" };
    const delivery = new Delivery(
      DISTRIBUTION,
      () => ({ status: 200, headers, body: "x" }),
      () => {},
    );
    const server = createServer((request, response) => delivery.handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ends.push(() => server.close());
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;

    await expect(ask(port, "/a.webp")).rejects.toThrow("socket hang up");
    await expect(ask(port, "/a.webp", {}, "POST")).resolves.toMatchObject({ status: 403 });
  });
});

describe("atLocalAddress", () => {
  it.each([
    ["https://pictures.example.com", "http://127.0.0.1:3001"],
    ["https://e1.cloudfront.net/a.webp", "http://127.0.0.1:3001/a.webp"],
    ["e1.cloudfront.net", "127.0.0.1"],
    ["https://pictures.example.com.evil.example", "https://pictures.example.com.evil.example"],
    ["pictures", "pictures"],
    [1, 1],
  ])("has for %j %j", (value, expected) => {
    expect(atLocalAddress({ value }, DISTRIBUTION, "http://127.0.0.1:3001")).toEqual({ value: expected });
  });
});

describe("CORS of the local delivery", () => {
  const cors = (allowOrigins: readonly string[], more = {}) => ({
    headers: { always: {}, cors: { allowOrigins, exposeHeaders: [], allowCredentials: false, ...more } },
  });
  const allowed = async (distribution: Partial<Distribution>, headers: Record<string, string>) => {
    const { port } = await deliver({ distribution, objects: [object("a.webp")] });
    const { headers: said } = await ask(port, "/a.webp", headers);
    return [said["access-control-allow-origin"], said.vary];
  };

  it.each([
    [["*"], "https://shop.example", ["*", undefined]],
    [["https://shop.example"], "https://shop.example", ["https://shop.example", "Origin"]],
    [["https://shop.example"], "https://other.example", [undefined, "Origin"]],
    [["https://*.shop.example"], "https://a.shop.example", ["https://a.shop.example", "Origin"]],
    [["https://*.shop.example"], "https://shop.example", [undefined, "Origin"]],
  ])("with %j says to a page of %s: %j", async (origins, origin, expected) => {
    expect(await allowed(cors(origins), { origin })).toEqual(expected);
  });

  it("says nothing to who has no origin", async () => {
    expect(await allowed(cors(["*"]), {})).toEqual([undefined, undefined]);
  });

  it("says nothing where the policy has none", async () => {
    expect(await allowed({}, { origin: "https://shop.example" })).toEqual([undefined, undefined]);
  });

  it("says which headers scripts may read", async () => {
    const { port } = await deliver({ distribution: cors(["*"], { exposeHeaders: ["ETag", "x-amz-meta-a"] }) });

    const { headers } = await ask(port, "/404.txt", { origin: "https://shop.example" });

    expect(headers["access-control-expose-headers"]).toBe("ETag,x-amz-meta-a");
  });

  it("says it of what is not there as well, or a script could not tell", async () => {
    const { port } = await deliver({ distribution: cors(["*"]) });

    expect(await ask(port, "/missing", { origin: "https://shop.example" })).toMatchObject({
      status: 404,
      headers: { "access-control-allow-origin": "*" },
    });
  });
});
