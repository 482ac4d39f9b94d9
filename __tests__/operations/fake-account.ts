import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";

/** An AWS account as a preflight sees it. */
export interface Account {
  readonly id: string;
  readonly sandboxes: number;
  readonly unreservedSandboxes: number;
  /** Reserved by functions that are there. */
  readonly reserved: Readonly<Record<string, number>>;
  readonly quotas: Readonly<Record<string, number>>;
  readonly buckets: Readonly<
    Record<
      string,
      {
        readonly owner: string;
        readonly region: string;
        readonly versions?: true | undefined;
        /** Whether its events go to EventBridge. */
        readonly events?: true | undefined;
        /** Of KMS, as the configuration names it; `S3` is the key that KMS keeps for S3, `unset` a bucket that says nothing. */
        readonly key?: string;
      }
    >
  >;
  readonly identityProviders: readonly string[];
  /** Calls that are answered AccessDenied. */
  readonly denied: readonly string[];
  /** Calls that something in between answers with a page. */
  readonly garbled: readonly string[];
}

interface Answer {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An AWS endpoint that answers for `account` what a preflight asks, and refuses everything else. */
export async function startFakeAccount(account: Account): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const call = callOf(request, Buffer.concat(chunks).toString());
    const answer = account.denied.includes(call.name)
      ? denied(call.name)
      : account.garbled.includes(call.name)
        ? { status: 404, body: "<!doctype html>" }
        : answerTo(call, account);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("Expected the server to have a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface Call {
  readonly name: string;
  /** A bucket or a function. */
  readonly of: string;
  readonly expectedOwner: string;
}

function callOf({ method, url = "/", headers }: IncomingMessage, body: string): Call {
  const { pathname, searchParams } = new URL(url, "http://127.0.0.1");
  const parts = pathname.split("/").filter((part) => part !== "");
  const call = (name: string, of = "") => ({ name, of, expectedOwner: String(headers["x-amz-expected-bucket-owner"]) });
  const target = headers["x-amz-target"];
  if (target !== undefined) return call(String(target).split(".")[1] ?? "");
  if (pathname === "/") return call(new URLSearchParams(body).get("Action") ?? "");
  if (pathname.endsWith("/account-settings")) return call("GetAccountSettings");
  if (pathname.endsWith("/concurrency")) return call("GetFunctionConcurrency", parts.at(-2));
  if (method === "HEAD") return call("HeadBucket", parts[0]);
  const [asked = ""] = Object.keys(BUCKET_CALLS).filter((name) => searchParams.has(name));
  return call(BUCKET_CALLS[asked] ?? `${method} ${url}`, parts[0]);
}

const BUCKET_CALLS: Readonly<Record<string, string>> = {
  encryption: "GetBucketEncryption",
  notification: "GetBucketNotificationConfiguration",
  versioning: "GetBucketVersioning",
};

function answerTo({ name, of, expectedOwner }: Call, account: Account): Answer {
  const bucket = account.buckets[of];
  switch (name) {
    case "GetCallerIdentity":
      return xml(
        `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account.id}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
      );
    case "GetAccountSettings":
      return json({
        AccountLimit: {
          ConcurrentExecutions: account.sandboxes,
          UnreservedConcurrentExecutions: account.unreservedSandboxes,
        },
      });
    case "GetFunctionConcurrency": {
      const reserved = account.reserved[of];
      return reserved === undefined
        ? { status: 404, headers: { "x-amzn-errortype": "ResourceNotFoundException" }, body: "{}" }
        : json({ ReservedConcurrentExecutions: reserved });
    }
    case "ListServiceQuotas":
      return json({ Quotas: Object.entries(account.quotas).map(([QuotaName, Value]) => ({ QuotaName, Value })) });
    case "ListOpenIDConnectProviders": {
      const members = account.identityProviders.map(
        (host) => `<member><Arn>arn:aws:iam::${account.id}:oidc-provider/${host}</Arn></member>`,
      );
      return xml(
        `<ListOpenIDConnectProvidersResponse><ListOpenIDConnectProvidersResult><OpenIDConnectProviderList>${members.join("")}</OpenIDConnectProviderList></ListOpenIDConnectProvidersResult></ListOpenIDConnectProvidersResponse>`,
      );
    }
    case "HeadBucket":
      if (bucket === undefined) return { status: 404 };
      if (bucket.owner !== expectedOwner) return { status: 403 };
      return { status: 200, headers: { "x-amz-bucket-region": bucket.region } };
    case "GetBucketVersioning":
      return xml(
        `<VersioningConfiguration>${bucket?.versions ? "<Status>Enabled</Status>" : ""}</VersioningConfiguration>`,
      );
    case "GetBucketNotificationConfiguration":
      return xml(
        `<NotificationConfiguration>${bucket?.events ? "<EventBridgeConfiguration/>" : ""}</NotificationConfiguration>`,
      );
    case "GetBucketEncryption": {
      if (bucket?.key === "unset") {
        const code = "ServerSideEncryptionConfigurationNotFoundError";
        return { ...xml(`<Error><Code>${code}</Code><Message>none</Message></Error>`), status: 404 };
      }
      const key = bucket?.key === "S3" ? "" : `<KMSMasterKeyID>${bucket?.key}</KMSMasterKeyID>`;
      const algorithm = bucket?.key === undefined ? "AES256" : "aws:kms";
      return xml(
        `<ServerSideEncryptionConfiguration><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>${algorithm}</SSEAlgorithm>${bucket?.key === undefined ? "" : key}</ApplyServerSideEncryptionByDefault></Rule></ServerSideEncryptionConfiguration>`,
      );
    }
    default:
      return { status: 501, body: `the fake account does not know ${name}` };
  }
}

const json = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) });
const xml = (body: string): Answer => ({ status: 200, headers: { "content-type": "text/xml" }, body });

/** In each protocol's way, since every client reads its own. */
const denied = (call: string): Answer => ({
  status: 403,
  headers: { "x-amzn-errortype": "AccessDeniedException" },
  body: /Identity|OpenID/.test(call)
    ? "<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>"
    : JSON.stringify({ __type: "AccessDeniedException", message: "no" }),
});
