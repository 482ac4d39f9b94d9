import { createHmac } from "node:crypto";
import { OPERATOR_CREDENTIALS } from "../iam/credentials";
import { S3Process } from "./support/s3-process";

jest.setTimeout(60_000);

const DAY = new Date().toISOString().slice(0, 10).replaceAll("-", "");
const SCOPE = `${DAY}/eu-central-1/s3/aws4_request`;
const SIGNED: Readonly<Record<string, string>> = {
  "x-amz-algorithm": "AWS4-HMAC-SHA256",
  "x-amz-credential": `${OPERATOR_CREDENTIALS.accessKeyId}/${SCOPE}`,
  "x-amz-date": `${DAY}T000000Z`,
};
const CONDITIONS = [
  { bucket: "one" },
  ["starts-with", "$key", "user/"],
  ["content-length-range", 1, 10],
  ...Object.entries(SIGNED).map(([name, value]) => ({ [name]: value })),
];
const LATER = new Date(Date.now() + 60_000).toISOString();

function encoded(conditions: readonly unknown[] = CONDITIONS, expiration = LATER): string {
  return Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
}

function sign(policy: string): string {
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const key = SCOPE.split("/").reduce<string | Buffer>(hmac, `AWS4${OPERATOR_CREDENTIALS.secretAccessKey}`);
  return hmac(key, policy).toString("hex");
}

function signed(policy = encoded()): Record<string, string> {
  return { key: "user/a.txt", ...SIGNED, policy, "x-amz-signature": sign(policy) };
}

function form(fields: Readonly<Record<string, string>>, file: string | null = "12345", name = "photo.jpg"): FormData {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) data.append(field, value);
  if (file !== null) data.append("file", new Blob([file]), name);
  return data;
}

describe("uploads by a form", () => {
  let s3: S3Process;

  beforeAll(async () => {
    s3 = await S3Process.start();
  });
  afterAll(() => s3.stop());

  const post = (body: FormData, bucket = "one") => s3.fetch(`/${bucket}`, { method: "POST", body, redirect: "manual" });

  it("are stored with what their fields say, and told of", async () => {
    const policy = encoded([...CONDITIONS, ["starts-with", "$Content-Type", "image/"], { "x-amz-meta-a": "b" }]);
    await s3.changed();

    const { status, headers } = await post(
      form({ ...signed(policy), "Content-Type": "image/jpeg", "x-amz-meta-a": "b" }),
    );

    expect([status, headers.get("etag")]).toEqual([204, '"827ccb0eea8a706c4c34a16891f84e7b"']);
    expect(await s3.changed()).toMatchObject([{ bucket: "one", reason: "PutObject", version: { key: "user/a.txt" } }]);
  });

  it.each([
    ["200", 200, ""],
    ["201", 201, "<Key>user/a.txt</Key><ETag>&quot;827ccb0eea8a706c4c34a16891f84e7b&quot;</ETag>"],
    ["404", 204, ""],
  ])("are answered as success_action_status %s asks", async (asked, expected, text) => {
    const fields = signed(encoded([...CONDITIONS, { success_action_status: asked }]));

    const { status, body } = await post(form({ ...fields, success_action_status: asked }));

    expect([status, body.includes(text)]).toEqual([expected, true]);
  });

  it("lead on to a page", async () => {
    const url = "https://example.com/done?x=1";
    const fields = signed(encoded([...CONDITIONS, { success_action_redirect: url }]));

    const { status, headers } = await post(form({ ...fields, success_action_redirect: url }));

    expect([status, headers.get("location")]).toEqual([
      303,
      `${url}&bucket=one&key=user%2Fa.txt&etag=%22827ccb0eea8a706c4c34a16891f84e7b%22`,
    ]);
  });

  it("take the name of the file where the key asks for it", async () => {
    await post(form({ ...signed(), key: `user/${"$"}{filename}` }));

    expect(await s3.changed()).toContainEqual(
      expect.objectContaining({ version: expect.objectContaining({ key: "user/photo.jpg" }) }),
    );
  });

  it.each<[string, FormData, number, string]>([
    [
      "of another prefix",
      form({ ...signed(), key: "other/a" }),
      403,
      "Policy Condition failed: [&quot;starts-with&quot;,&quot;$key&quot;,&quot;user/&quot;]",
    ],
    [
      "of a bucket the policy does not name",
      form(signed(encoded([{ bucket: "two" }, ...CONDITIONS.slice(1)]))),
      403,
      "Policy Condition failed",
    ],
    [
      "with a field that the policy does not name",
      form({ ...signed(), "x-amz-meta-a": "b" }),
      403,
      "Extra input fields: x-amz-meta-a",
    ],
    [
      "of a bucket the policy says nothing of",
      form(signed(encoded(CONDITIONS.slice(1)))),
      403,
      "Extra input fields: bucket",
    ],
    [
      "with an expiration in other words",
      form(signed(encoded(CONDITIONS, "2099-01-01 00:00:00"))),
      400,
      "Invalid 'expiration' value: '2099-01-01 00:00:00'",
    ],
    [
      "with a condition of nothing",
      form(signed(encoded([{}]))),
      400,
      "Simple-Conditions must have exactly one property specified.",
    ],
    [
      "with another checksum",
      form({
        ...signed(encoded([...CONDITIONS, ["starts-with", "$x-amz-checksum-crc32", ""]])),
        "x-amz-checksum-crc32": "AAAAAA==",
      }),
      400,
      "The CRC32 you specified did not match the calculated checksum.",
    ],
    ["after the policy has expired", form(signed(encoded(CONDITIONS, "2020-01-01T00:00:00Z"))), 403, "Policy expired."],
    ["with another signature", form({ ...signed(), "x-amz-signature": sign("other") }), 403, "SignatureDoesNotMatch"],
    [
      "without a signature",
      form({ key: "user/a", policy: encoded() }),
      400,
      "must contain a field named 'X-Amz-Credential'",
    ],
    [
      "signed by Version 2",
      form({ key: "user/a", policy: encoded(), AWSAccessKeyId: "k", signature: "s" }),
      400,
      "Please use AWS4-HMAC-SHA256.",
    ],
    ["without a policy", form({ key: "user/a" }), 403, "AccessDenied"],
    ["without a key", form({}), 400, "must contain a field named 'key'"],
    ["without a file", form(signed(), null), 400, "POST requires exactly one file upload per request."],
    ["that are too large", form(signed(), "x".repeat(11)), 400, "EntityTooLarge"],
    ["that are too small", form(signed(), ""), 400, "EntityTooSmall"],
    ["with a policy that is no JSON", form(signed("bm8=")), 400, "Invalid Policy: Invalid JSON."],
    [
      "with an ACL",
      form({ ...signed(encoded([...CONDITIONS, { acl: "public-read" }])), acl: "public-read" }),
      400,
      "AccessControlListNotSupported",
    ],
  ])("are refused %s", async (_what, body, status, text) => {
    await s3.changed();

    expect(await post(body)).toMatchObject({ status, body: expect.stringContaining(text) });
    expect(await s3.changed()).toEqual([]);
  });

  it("need no policy where everyone may write", async () => {
    expect((await post(form({ key: "anything" }), "open")).status).toBe(204);
  });
});

describe("pages of other origins", () => {
  let s3: S3Process;

  beforeAll(async () => {
    s3 = await S3Process.start();
  });
  afterAll(() => s3.stop());

  const ask = (origin: string, method: string, headers?: string, bucket = "open") =>
    s3.fetch(`/${bucket}/key`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        ...(headers !== undefined && { "access-control-request-headers": headers }),
      },
    });

  it("may do what a rule of the bucket allows", async () => {
    const { status, headers } = await ask("https://a.example.com", "PUT", "X-Amz-Date, x-amz-meta-a");

    expect([status, Object.fromEntries(headers)]).toEqual([
      200,
      expect.objectContaining({
        "access-control-allow-origin": "https://a.example.com",
        "access-control-allow-methods": "PUT, GET",
        "access-control-allow-headers": "x-amz-date, x-amz-meta-a",
        "access-control-expose-headers": "ETag",
        "access-control-max-age": "300",
        "access-control-allow-credentials": "true",
        vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
      }),
    ]);
  });

  it.each([
    ["another origin", "https://example.org", "PUT", undefined, "open"],
    ["another method", "https://a.example.com", "DELETE", undefined, "open"],
    ["another header", "https://a.example.com", "PUT", "content-type", "open"],
    ["a bucket without rules", "https://a.example.com", "GET", undefined, "versioned"],
  ])("may not with %s", async (_what, origin, method, headers, bucket) => {
    expect(await ask(origin, method, headers, bucket)).toMatchObject({
      status: 403,
      body: expect.stringContaining("<Code>AccessForbidden</Code>"),
    });
  });

  it("may read answers, those that refuse too", async () => {
    await s3.fetch("/open/key", { method: "PUT", body: "x" });
    const read = (path: string, origin: string) => s3.fetch(path, { headers: { origin } });

    const answers = await Promise.all([
      read("/open/key", "https://a.example.com"),
      read("/open/key", "https://example.org"),
      read("/one/missing", "https://example.org"),
      read("/versioned/missing", "https://example.org"),
    ]);

    expect(answers.map(({ headers }) => headers.get("access-control-allow-origin"))).toEqual([
      "https://a.example.com",
      "*",
      "*",
      null,
    ]);
  });
});
