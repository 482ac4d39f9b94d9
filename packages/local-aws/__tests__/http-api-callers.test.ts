import { execFile } from "node:child_process";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { getRequestListener } from "@hono/node-server";
import { parsePolicy } from "@image-pipeline/iam-policy";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { Authenticator } from "../endpoint/authenticator";
import { httpApi } from "../http-api/http-api";
import { Authorizer } from "../iam/authorizer";
import { CredentialStore, type Credentials, OPERATOR_CREDENTIALS } from "../iam/credentials";
import type { JsonObject } from "../json";
import type { RouteAuthorization } from "../stack/http-api-resource";

const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const API_ARN = "arn:aws:execute-api:eu-central-1:111111111111:abc123";

/** Claims of a token; undefined leaves one out that is usually there. */
type JsonClaims = Readonly<Record<string, unknown>>;

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

const aRole = (name: string, trusted: string, statements: readonly JsonObject[]) => ({
  address: `aws_iam_role.${name}`,
  name,
  arn: `arn:aws:iam::${PLACE.accountId}:role/${name}`,
  trust: parsePolicy(
    {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: trusted }, Action: "sts:AssumeRole" }],
    },
    "trust",
    "trust",
  ),
  policies: [parsePolicy({ Version: "2012-10-17", Statement: [...statements] }, "policy", "identity")],
});

/** An API with one route, `POST /process`, on two stages, as it answers on a port. */
async function anApi(authorization: RouteAuthorization) {
  const credentials = new CredentialStore(PLACE.accountId);
  const log: string[] = [];
  const stage = { address: "aws_apigatewayv2_stage.s", routeThrottles: {}, variables: {} };
  const app = httpApi(
    {
      address: "aws_apigatewayv2_api.a",
      id: "abc123",
      name: "api",
      cors: {
        allowOrigins: ["*"],
        allowMethods: ["POST"],
        allowHeaders: [],
        exposeHeaders: [],
        allowCredentials: false,
      },
      routes: [
        {
          address: "aws_apigatewayv2_route.r",
          routeKey: "POST /process",
          authorization,
          integration: {
            kind: "StartExecution",
            role: aRole("api", "apigateway.amazonaws.com", []),
            requestParameters: { StateMachineArn: "machine", Input: "$request.body" },
          },
        },
      ],
      stages: [
        { ...stage, name: "$default" },
        { ...stage, name: "prod" },
      ],
    },
    {
      stepFunctions: { call: async () => ({ executionArn: "arn" }) },
      functions: [],
      authenticator: new Authenticator(credentials, PLACE.region),
      authorizer: new Authorizer(PLACE, () => {}),
      log: (_part, text) => log.push(text),
    },
  );
  return { url: await serve(getRequestListener(app.fetch)), credentials, log };
}

interface Signer {
  readonly keys?: Omit<Credentials, "sessionToken"> & Partial<Credentials>;
  readonly service?: string;
  readonly path?: string;
}

/** POSTs with curl's own signature, which is nobody's of this project. Gives the status and the body. */
async function signed(
  url: string,
  { keys = OPERATOR_CREDENTIALS, service = "execute-api", path = "/process" }: Signer,
) {
  const token = keys.sessionToken ? ["--header", `x-amz-security-token: ${keys.sessionToken}`] : [];
  const { stdout } = await promisify(execFile)("curl", [
    ...["--silent", "--data", '{"key":"été.jpg"}', "--header", "content-type: application/json", ...token],
    ...["--aws-sigv4", `aws:amz:${PLACE.region}:${service}`, "--user", `${keys.accessKeyId}:${keys.secretAccessKey}`],
    ...["--write-out", " %{http_code}", `${url}${path}`],
  ]);
  return stdout;
}

const FORBIDDEN = '{"message":"Forbidden"} 403';
const STARTED = '{"executionArn":"arn"} 200';

describe("a route with IAM authorization", () => {
  it("refuses what is not signed", async () => {
    const { url } = await anApi("iam");

    const response = await fetch(`${url}/process`, { method: "POST", body: "{}" });

    expect([response.status, await response.json()]).toEqual([403, { message: "Forbidden" }]);
  });

  it("takes a request signed for execute-api", async () => {
    const { url } = await anApi("iam");

    expect(await signed(url, {})).toBe(STARTED);
  });

  it.each([
    ["for another service", { service: "s3" }],
    ["with a wrong secret", { keys: { ...OPERATOR_CREDENTIALS, secretAccessKey: "wrong" } }],
    ["with unknown keys", { keys: { accessKeyId: "AKIANOBODY", secretAccessKey: "secret" } }],
  ])("refuses a request signed %s, and says why in the log", async (_what, signer) => {
    const { url, log } = await anApi("iam");

    expect(await signed(url, signer)).toBe(FORBIDDEN);
    expect(log).toContainEqual(expect.stringMatching(/^forbidden: ./));
  });

  it.each([
    ["the stage $default by its name", `${API_ARN}/$default/POST/process`, "/process", STARTED],
    ["another stage", `${API_ARN}/prod/POST/process`, "/process", FORBIDDEN],
    ["a named stage, without its name in the path", `${API_ARN}/prod/POST/process`, "/prod/process", STARTED],
    ["another method", `${API_ARN}/$default/GET/process`, "/process", FORBIDDEN],
    ["another route", `${API_ARN}/$default/POST/resized`, "/process", FORBIDDEN],
    ["the whole API", `${API_ARN}/*`, "/prod/process", STARTED],
  ])("asks IAM for execute-api:Invoke: %s", async (_what, resource, path, expected) => {
    const { url, credentials } = await anApi("iam");
    const statements = [{ Effect: "Allow", Action: "execute-api:Invoke", Resource: resource }];
    const keys = credentials.assumeRole(aRole("caller", "lambda.amazonaws.com", statements), "session");

    expect(await signed(url, { keys, path })).toBe(expected);
  });

  it("leaves preflights open", async () => {
    const { url } = await anApi("iam");

    const response = await fetch(`${url}/process`, { method: "OPTIONS", headers: { origin: "https://example.com" } });

    expect(response.status).toBe(204);
  });
});

/** An issuer of tokens on this machine. */
async function anIssuer() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const keys = [{ ...(await exportJWK(publicKey)), kid: "one", alg: "RS256" }];
  let issuer = "";
  issuer = await serve((request, response) => {
    const configuration = { issuer, jwks_uri: `${issuer}/keys` };
    response.end(JSON.stringify(request.url === "/keys" ? { keys } : configuration));
  });
  const nowSeconds = Math.floor(Date.now() / 1000);
  const usual = { iss: issuer, aud: "pictures", exp: nowSeconds + 60, iat: nowSeconds - 1, scope: "read resize" };
  const token = (claims: JsonClaims = {}, { kid = "one", key = privateKey } = {}) =>
    new SignJWT({ ...usual, ...claims }).setProtectedHeader({ alg: "RS256", kid }).sign(key);
  return { issuer, token, nowSeconds, strangersKey: stranger.privateKey };
}

/** A POST with a token: the status and what the answer says about tokens. */
async function withToken(url: string, authorization: string | undefined) {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await fetch(`${url}/process`, { method: "POST", body: "{}", headers });
  return { status: response.status, body: await response.json(), says: response.headers.get("www-authenticate") };
}

describe("a route with a JWT authorizer", () => {
  it("answers 401 to a request without a token", async () => {
    const { issuer } = await anIssuer();
    const { url } = await anApi({ issuer, audience: ["pictures"], scopes: [] });

    expect(await withToken(url, undefined)).toEqual({
      status: 401,
      body: { message: "Unauthorized" },
      says: "Bearer",
    });
  });

  it.each(["Bearer ", ""])("takes a token after %j", async (prefix) => {
    const { issuer, token } = await anIssuer();
    const { url } = await anApi({ issuer, audience: ["others", "pictures"], scopes: [] });

    expect((await withToken(url, `${prefix}${await token()}`)).status).toBe(200);
  });

  it.each<[string, number, JsonClaims]>([
    ["a list of audiences with ours", 200, { aud: ["others", "pictures"] }],
    ["another audience", 401, { aud: "others" }],
    ["our audience as client_id, without aud", 200, { aud: undefined, client_id: "pictures" }],
    ["our audience as client_id, beside another aud", 401, { aud: "others", client_id: "pictures" }],
    ["another issuer", 401, { iss: "https://example.com" }],
    ["a time that is over", 401, { exp: 1 }],
    ["no end", 401, { exp: undefined }],
    ["a time to come (nbf)", 401, { nbf: 9_999_999_999 }],
    ["a time to come (iat)", 401, { iat: 9_999_999_999 }],
    ["one of the scopes", 200, { scope: "other resize" }],
    ["one of the scopes as a list scp", 200, { scope: undefined, scp: ["resize"] }],
    ["none of the scopes", 403, { scope: "other" }],
  ])("judges a token with %s: %i", async (_what, status, claims) => {
    const { issuer, token } = await anIssuer();
    const { url } = await anApi({ issuer, audience: ["pictures"], scopes: ["resize", "admin"] });

    expect((await withToken(url, `Bearer ${await token(claims)}`)).status).toBe(status);
  });

  it("answers 403 for lacking scopes, and names them", async () => {
    const { issuer, token } = await anIssuer();
    const { url } = await anApi({ issuer, audience: ["pictures"], scopes: ["admin"] });

    const answer = await withToken(url, `Bearer ${await token()}`);

    expect(answer).toMatchObject({ status: 403, body: { message: "Forbidden" } });
    expect(answer.says).toContain('scope="admin" error="insufficient_scope"');
  });

  it("refuses a token of another key, one of an unknown key, and what is none", async () => {
    const { issuer, token, strangersKey } = await anIssuer();
    const { url } = await anApi({ issuer, audience: ["pictures"], scopes: [] });
    const tokens = [await token({}, { kid: "one", key: strangersKey }), await token({}, { kid: "two" }), "x.y.z"];

    const answers = await Promise.all(tokens.map((one) => withToken(url, `Bearer ${one}`)));

    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(answers[0]?.says).toContain('error="invalid_token"');
  });

  it("lets nobody in while the issuer does not answer", async () => {
    const { token } = await anIssuer();
    const { url } = await anApi({ issuer: "http://127.0.0.1:1", audience: ["pictures"], scopes: [] });

    expect((await withToken(url, `Bearer ${await token()}`)).status).toBe(401);
  });
});
