/**
 * Uploads to a synthesized stack as web pages do, and runs one whose originals are in a bucket that is there already, without
 * each of the statements that read it. Prints what came of it, as JSON.
 * Usage: tsx bucket-trials.ts <cdk.tf.json with CORS> <cdk.tf.json with a bucket that is there> <its key>
 */
import { createHash, createHmac } from "node:crypto";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import sharp from "sharp";
import { buildSharpLayer } from "../../../../packaging/sharp-layer";
import { removeCodeFolder } from "../../code-folder";
import { OPERATOR_CREDENTIALS } from "../../iam/credentials";
import { type Runner, startRunner } from "../../runner";
import { thisMachine } from "../../this-machine";
import { type Change, trial } from "./local-trial";

const PAGE = "https://pages.example.com";
const EXPIRES_SECONDS = 600;

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** What a server signs for a page, so that the page needs no credentials. */
class Signer {
  readonly #time = `${new Date().toISOString().replace(/[-:]|\.\d+/g, "")}`;
  readonly #scope: string;
  readonly #signed: Readonly<Record<string, string>>;

  constructor(
    private readonly awsUrl: string,
    region: string,
  ) {
    this.#scope = `${this.#time.slice(0, 8)}/${region}/s3/aws4_request`;
    this.#signed = {
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${OPERATOR_CREDENTIALS.accessKeyId}/${this.#scope}`,
      "X-Amz-Date": this.#time,
    };
  }

  putUrl(path: string): string {
    const query = { ...this.#signed, "X-Amz-Expires": String(EXPIRES_SECONDS), "X-Amz-SignedHeaders": "host" };
    const text = Object.entries(query)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join("&");
    const canonical = ["PUT", path, text, `host:${new URL(this.awsUrl).host}`, "", "host", "UNSIGNED-PAYLOAD"];
    const toSign = ["AWS4-HMAC-SHA256", this.#time, this.#scope, hash(canonical.join("\n"))].join("\n");
    return `${this.awsUrl}${path}?${text}&X-Amz-Signature=${this.#sign(toSign)}`;
  }

  formFields(bucket: string, key: string): Readonly<Record<string, string>> {
    const conditions = [
      { bucket },
      { key },
      ...Object.entries(this.#signed).map(([name, value]) => ({ [name]: value })),
    ];
    const expiration = new Date(Date.now() + EXPIRES_SECONDS * 1_000).toISOString();
    const policy = Buffer.from(JSON.stringify({ expiration, conditions })).toString("base64");
    return { key, ...this.#signed, policy, "X-Amz-Signature": this.#sign(policy) };
  }

  #sign(text: string): string {
    const key = this.#scope.split("/").reduce<string | Buffer>(hmac, `AWS4${OPERATOR_CREDENTIALS.secretAccessKey}`);
    return hmac(key, text).toString("hex");
  }
}

const said = ({ status, headers }: Response) => ({
  status,
  origin: headers.get("access-control-allow-origin"),
  methods: headers.get("access-control-allow-methods"),
  exposed: headers.get("access-control-expose-headers"),
  encryption: headers.get("x-amz-server-side-encryption"),
});

async function fromPages(stackPath: string, layer: string) {
  const codeFolder = await mkdtemp(join(tmpdir(), "bucket-trial-"));
  const runner = await startRunner({
    stackPath,
    port: 0,
    awsPort: 0,
    codeFolder,
    layerZip: async () => layer,
    log: () => {},
  });
  try {
    return await uploadFromPages(runner);
  } finally {
    await runner.stop();
    await removeCodeFolder(codeFolder);
  }
}

async function uploadFromPages({ awsUrl, apiUrl, region, outputs }: Runner) {
  const bucket = String(outputs.original_bucket_name);
  const body = await sharp({ create: { width: 60, height: 40, channels: 3, background: "#336699" } })
    .jpeg()
    .toBuffer();
  const signer = new Signer(awsUrl, region);
  const headers = { origin: PAGE, "content-type": "image/jpeg" };
  const preflight = (origin: string, method: string) =>
    fetch(`${awsUrl}/${bucket}/a.jpg`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": method,
        "access-control-request-headers": "content-type",
      },
    });
  const put = (key: string, content = new Blob([body])) =>
    fetch(signer.putUrl(`/${bucket}/${key}`), { method: "PUT", headers, body: content });
  const form = new FormData();
  for (const [name, value] of Object.entries(signer.formFields(bucket, "form.jpg"))) form.append(name, value);
  form.append("file", new Blob([body]), "form.jpg");

  const answers = {
    preflightOfPut: said(await preflight(PAGE, "PUT")),
    preflightOfPost: said(await preflight(PAGE, "POST")),
    preflightOfGet: said(await preflight(PAGE, "GET")),
    preflightOfAnother: said(await preflight("https://other.example.com", "PUT")),
    put: said(await put("CAT.JPG")),
    form: said(await fetch(`${awsUrl}/${bucket}`, { method: "POST", headers: { origin: PAGE }, body: form })),
  };
  await put("notes.txt");
  await put("folder.jpg/");
  await put("empty.jpg", new Blob([]));
  // The API reaches what no upload starts.
  const asked = await fetch(`${apiUrl}/process`, { method: "POST", body: JSON.stringify({ key: "notes.txt" }) });
  return { answers, asked: asked.status, executions: await endedExecutions(awsUrl, region, outputs, 3) };
}

/** The keys of all executions with how they ended, once so many have. */
async function endedExecutions(awsUrl: string, region: string, outputs: Runner["outputs"], expected: number) {
  const sfn = new SFNClient({ endpoint: awsUrl, region, credentials: OPERATOR_CREDENTIALS });
  const deadline = Date.now() + 60_000;
  for (;;) {
    const list = await sfn.send(new ListExecutionsCommand({ stateMachineArn: String(outputs.state_machine_arn) }));
    const ended = (list.executions ?? []).filter(({ status }) => status !== "RUNNING");
    if (ended.length >= expected || Date.now() > deadline) {
      const all = await Promise.all(
        (list.executions ?? []).map(async ({ executionArn, status }) => {
          const { input = "{}" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
          const { key, fileName } = JSON.parse(input);
          return `${key ?? fileName} ${status}`;
        }),
      );
      return all.sort();
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const without = (sid: string): Change => ({
  name: sid,
  apply: (text) => {
    const stack = JSON.parse(text);
    for (const resource of Object.values(stack.resource.aws_iam_role_policy)) {
      const policy = JSON.parse(Reflect.get(Object(resource), "policy"));
      const Statement = policy.Statement.filter((statement: { Sid: string }) => statement.Sid !== sid);
      Reflect.set(Object(resource), "policy", JSON.stringify({ ...policy, Statement }));
    }
    return JSON.stringify(stack);
  },
});

async function main([pages = "", there = "", SSEKMSKeyId = ""]: readonly string[]): Promise<void> {
  const { path: layer } = await buildSharpLayer(thisMachine());
  const changes = ["nothing", "ReadOriginals", "DecryptOriginals"].map(without);
  const trials = [];
  for (const change of changes)
    trials.push(await trial(there, layer, change, { ServerSideEncryption: "aws:kms", SSEKMSKeyId }));
  console.log(JSON.stringify({ pages: await fromPages(pages, layer), trials }));
}

main(process.argv.slice(2)).then(
  () => process.stdout.write("", () => process.exit(0)),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
