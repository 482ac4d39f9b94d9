// S3 of the local runner alone, for tests, in a process of its own.
// Takes the statements of roles as JSON and perhaps a folder for its data, prints one line of JSON when it listens, and ends with its standard input.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { parsePolicy } from "@image-pipeline/iam-policy";
import { Authenticator } from "../../endpoint/authenticator";
import { Authorizer } from "../../iam/authorizer";
import { CredentialStore } from "../../iam/credentials";
import type { JsonObject } from "../../json";
import { type ObjectChanged, S3Server } from "../../s3/s3-server";

const ACCOUNT = "111111111111";
const REGION = "eu-central-1";
const policy = (Statement: JsonObject[], kind: Parameters<typeof parsePolicy>[2]) =>
  parsePolicy({ Version: "2012-10-17", Statement }, "policy", kind);

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/of-the-bucket`;

const CORS = [
  {
    allowedOrigins: ["https://*.example.com"],
    allowedMethods: ["PUT", "GET"],
    allowedHeaders: ["x-amz-*"],
    exposeHeaders: ["ETag"],
    maxAgeSeconds: 300,
  },
  { allowedOrigins: ["*"], allowedMethods: ["GET"], allowedHeaders: [], exposeHeaders: [], maxAgeSeconds: undefined },
];

async function main(roles: Readonly<Record<string, JsonObject[]>>, dataFolder: string | undefined): Promise<void> {
  const credentials = new CredentialStore(ACCOUNT);
  const changed: ObjectChanged[] = [];
  const everyone = {
    Effect: "Allow",
    Principal: "*",
    Action: "s3:*",
    Resource: ["arn:aws:s3:::open", "arn:aws:s3:::open/*"],
  };
  const bucket = (name: string) => ({
    address: name,
    name,
    arn: `arn:aws:s3:::${name}`,
    versioning: name === "versioned" ? ("Enabled" as const) : undefined,
    cors: name === "versioned" ? [] : CORS,
    sendsEvents: true,
    encryption:
      name === "keyed"
        ? { algorithm: "aws:kms" as const, keyArn: KEY, bucketKey: true }
        : { algorithm: "AES256" as const, bucketKey: false },
  });
  const s3 = new S3Server({
    buckets: [
      bucket("one"),
      bucket("two"),
      bucket("versioned"),
      bucket("keyed"),
      { ...bucket("open"), policy: policy([everyone], "resource") },
    ],
    authenticator: new Authenticator(credentials, REGION),
    authorizer: new Authorizer({ region: REGION, accountId: ACCOUNT }, () => {}),
    log: () => {},
    ...(dataFolder !== undefined && { dataFolder }),
    onObjectChanged: (change) => changed.push(change),
  });
  const serve = (request: IncomingMessage, response: ServerResponse) => {
    if (request.url !== "/changed") return s3.handle(request, response);
    response.end(JSON.stringify(changed.splice(0).map(({ bucket, change }) => ({ bucket: bucket.name, ...change }))));
  };
  const server = createServer(serve).on("checkContinue", serve).on("checkExpectation", serve);
  server.listen(0, "127.0.0.1", () => {
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const sessions = Object.entries(roles).map(([name, statements]) => {
      const role = {
        address: name,
        name,
        arn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        trust: policy([], "trust"),
        policies: [policy(statements, "identity")],
      };
      return [name, credentials.assumeRole(role, "session")];
    });
    console.log(JSON.stringify({ endpoint: `http://127.0.0.1:${port}`, sessions: Object.fromEntries(sessions) }));
  });
  process.stdin.resume().on("end", () => process.exit());
}

main(JSON.parse(process.argv[2] ?? "{}"), process.argv[3]);
