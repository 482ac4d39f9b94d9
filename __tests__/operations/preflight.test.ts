import { execFile } from "node:child_process";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import type { Environment } from "../../environments/environment";
import { namesOf } from "../../environments/names";
import { originalBucketName } from "../../environments/original-bucket";
import { prod } from "../../environments/prod";
import { preflight } from "../../operations/preflight/preflight";
import { anEnvironment } from "../support/an-environment";
import { type Account, startFakeAccount } from "./fake-account";

const ENVIRONMENT: Environment = {
  ...anEnvironment(),
  accountId: "111111111111",
  region: "eu-central-1",
  reservedConcurrency: 50,
  apiThrottle: { rateLimit: 50, burstLimit: 300 },
  state: { bucket: "test-state", key: "test.tfstate", region: "eu-central-1" },
};

const ORIGINAL = originalBucketName(ENVIRONMENT);
const ACCOUNT = ENVIRONMENT.accountId;
const OURS = { owner: ACCOUNT, region: "eu-central-1" } as const;

const KEY_ID = "01234567-89ab-cdef-0123-456789abcdee";
const KEY = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${KEY_ID}`;

/** An account in which everything is ready. */
const READY: Account = {
  id: ACCOUNT,
  sandboxes: 1_000,
  unreservedSandboxes: 1_000,
  reserved: {},
  quotas: {
    "Throttle token bucket size for StartExecution": 800,
    "Throttle token refill rate per second for StartExecution": 150,
    "Throttle token bucket size for StateTransition": 800,
    "Throttle token refill rate per second for StateTransition": 800,
  },
  buckets: { "test-state": { ...OURS, versions: true } },
  identityProviders: ["token.actions.githubusercontent.com"],
  denied: [],
  garbled: [],
};

const cleanUps: (() => unknown)[] = [];
const before = { ...process.env };
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
  process.env = { ...before };
});

/** What a shell that is to look at `account` has. */
async function shellOf(account: Account, terraform: string): Promise<Record<string, string>> {
  const server = await startFakeAccount(account);
  const folder = await mkdtemp(join(tmpdir(), "preflight-"));
  cleanUps.push(server.close, () => rm(folder, { recursive: true }));
  const program = join(folder, "terraform");
  await writeFile(program, `#!/bin/sh\necho '${JSON.stringify({ terraform_version: terraform })}'\n`);
  await chmod(program, 0o755);
  return {
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    PATH: [folder, dirname(process.execPath), process.env.PATH].join(delimiter),
  };
}

interface Change {
  readonly account?: Partial<Account>;
  readonly environment?: Partial<Environment>;
  readonly terraform?: string;
  readonly shellRegion?: string;
}

async function verdicts({ account, environment, terraform = "1.14.0", shellRegion }: Change = {}) {
  Object.assign(process.env, await shellOf({ ...READY, ...account }, terraform));
  const findings = await preflight({ ...ENVIRONMENT, ...environment }, shellRegion);
  return Object.fromEntries(findings.map((finding) => [finding.subject, finding]));
}

describe("a preflight", () => {
  it("finds nothing to do in an account that is ready", async () => {
    expect(Object.values(await verdicts()).filter(({ verdict }) => verdict !== "ok")).toEqual([]);
  });

  it("looks at nothing else in another account", async () => {
    expect(await verdicts({ account: { id: "999999999999" } })).toEqual({
      Terraform: expect.objectContaining({ verdict: "ok" }),
      account: expect.objectContaining({ verdict: "fix", found: "these credentials are of 999999999999" }),
    });
  });

  it.each<[string, string, "ok" | "look" | "fix", RegExp, Change]>([
    ["an old Terraform", "Terraform", "fix", /1\.9\.8/, { terraform: "1.9.8" }],
    ["the oldest Terraform", "Terraform", "ok", /1\.10\.0/, { terraform: "1.10.0" }],
    ["a shell of another region", "region", "look", /us-east-1 in this shell/, { shellRegion: "us-east-1" }],
    ["a new account's limit", "sandboxes", "fix", /0 of them/, { account: { sandboxes: 10, unreservedSandboxes: 10 } }],
    ["just enough sandboxes", "sandboxes", "ok", /50 of them/, { account: { unreservedSandboxes: 150 } }],
    ["one sandbox too few", "sandboxes", "fix", /49 of them/, { account: { unreservedSandboxes: 149 } }],
    [
      "sandboxes that the function has already",
      "sandboxes",
      "ok",
      /50 of them/,
      { account: { unreservedSandboxes: 100, reserved: { [namesOf(ENVIRONMENT.name).function]: 50 } } },
    ],
    [
      "few sandboxes and no reservation",
      "sandboxes",
      "look",
      /10 sandboxes/,
      { account: { sandboxes: 10 }, environment: { reservedConcurrency: "none" } },
    ],
    ...(
      [
        ["takes all", 1_000, 1_000, "fix", /takes 1000$/],
        ["leaves too few to uploads", 1_000, 901, "fix", /takes 901$/],
        ["leaves a tenth to uploads", 1_000, 900, "ok", /none reserved$/],
        ["takes more than a new account has", 10, 40, "fix", /^10 sandboxes .* takes 40$/],
        ["takes the only one", 1, 1, "fix", /takes 1$/],
      ] as const
    ).map(([what, sandboxes, maxConcurrency, verdict, found]): [string, string, "ok" | "fix", RegExp, Change] => [
      `a backfill that ${what}, where none are reserved`,
      "sandboxes",
      verdict,
      found,
      { account: { sandboxes }, environment: { reservedConcurrency: "none", backfill: { maxConcurrency } } },
    ]),
    [
      "a throttle above StartExecution's rate",
      "starts",
      "fix",
      /150 a second.*let through 152/,
      { environment: { apiThrottle: { rateLimit: 76, burstLimit: 300 } } },
    ],
    [
      "a throttle above what StartExecution takes at once",
      "starts",
      "fix",
      /800 at once.*802/,
      { environment: { apiThrottle: { rateLimit: 50, burstLimit: 401 } } },
    ],
    [
      "too few transitions",
      "transitions",
      "fix",
      /399 a second.*400/,
      { account: { quotas: { "Throttle token refill rate per second for StateTransition": 399 } } },
    ],
    ["no quotas", "starts", "look", /no quota of StartExecution/, { account: { quotas: {} } }],
    [
      "a bucket of another account",
      "original bucket",
      "fix",
      /taken by another account/,
      { account: { buckets: { [ORIGINAL]: { owner: "999999999999", region: "eu-central-1" } } } },
    ],
    [
      "a bucket of its own",
      "original bucket",
      "look",
      /is this account's/,
      { account: { buckets: { [ORIGINAL]: OURS } } },
    ],
    [
      "a bucket of its own elsewhere",
      "original bucket",
      "fix",
      /is in us-east-1, not in eu-central-1/,
      { account: { buckets: { [ORIGINAL]: { ...OURS, region: "us-east-1" } } } },
    ],
    ["no state bucket", "state", "fix", /does not exist/, { account: { buckets: {} } }],
    [
      "a state bucket without versions",
      "state",
      "fix",
      /no versions/,
      { account: { buckets: { "test-state": OURS } } },
    ],
    [
      "a state bucket of another account",
      "state",
      "fix",
      /another account's/,
      { account: { buckets: { "test-state": { ...OURS, owner: "999999999999" } } } },
    ],
    ["a local state", "state", "look", /a file/, { environment: { state: "local" } }],
    ["no identity provider", "GitHub", "look", /no provider/, { account: { identityProviders: ["example.com"] } }],
    ["what may not be asked", "GitHub", "look", /not known/, { account: { denied: ["ListOpenIDConnectProviders"] } }],
    ["an answer of something else", "sandboxes", "look", /not known/, { account: { garbled: ["GetAccountSettings"] } }],
    ["quotas that may not be asked", "starts", "look", /not known/, { account: { denied: ["ListServiceQuotas"] } }],
    [
      "sandboxes that may not be asked",
      "sandboxes",
      "look",
      /not known/,
      { account: { denied: ["GetAccountSettings"] } },
    ],
  ])("judges %s", async (_, subject, verdict, found, change) => {
    const finding = (await verdicts(change))[subject];
    expect(finding).toMatchObject({ verdict, found: expect.stringMatching(found) });
    expect(finding?.todo === "").toBe(verdict === "ok");
  });

  const there = (
    bucket: Partial<Account["buckets"][string]>,
    more: Partial<Environment["originalBucket"] & object> = {},
  ) => ({
    account: { buckets: { ...READY.buckets, there: { ...OURS, events: true, versions: true, ...bucket } as const } },
    environment: { originalBucket: { name: "there", existing: true, ...more } as const },
  });

  it("finds nothing to do to a bucket that is there and ready", async () => {
    const found = Object.values(await verdicts(there({})));
    expect(found.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(found.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining(["original bucket", "its events", "its versions", "its encryption", "resized bucket"]),
    );
  });

  it.each<[string, string, "ok" | "look" | "fix", RegExp, Change]>([
    ["a bucket that is not there", "original bucket", "fix", /there does not exist/, { ...there({}), account: {} }],
    ["another account's", "original bucket", "fix", /another account's/, there({ owner: "999999999999" })],
    [
      "one elsewhere",
      "original bucket",
      "fix",
      /is in us-east-1, and so are its events/,
      there({ region: "us-east-1" }),
    ],
    ["no events", "its events", "fix", /EventBridge is off/, there({ events: undefined })],
    ["no versions", "its versions", "look", /none are kept/, there({ versions: undefined })],
    [
      "no versions where deletions count",
      "its versions",
      "fix",
      /no deletion is heard of/,
      { ...there({ versions: undefined }), environment: { ...there({}).environment, deleteRenditions: true } },
    ],
    ["nothing set of encryption", "its encryption", "ok", /AES256, without a key/, there({ key: "unset" })],
    ["the key that KMS keeps for S3", "its encryption", "ok", /aws:kms, without a key/, there({ key: "S3" })],
    ["a key that nobody named", "its encryption", "fix", /aws:kms by arn:/, there({ key: KEY })],
    ["the key that is named", "its encryption", "ok", /aws:kms by arn:/, there({ key: KEY }, { kmsKeyArn: KEY })],
    ["its id", "its encryption", "ok", /aws:kms by 0123/, there({ key: KEY_ID }, { kmsKeyArn: KEY })],
    ["another key", "its encryption", "fix", /by arn:.*f$/, there({ key: KEY.replace(/.$/, "f") }, { kmsKeyArn: KEY })],
    ["an alias", "its encryption", "look", /by alias\/x/, there({ key: "alias/x" }, { kmsKeyArn: KEY })],
    ["a named key and none", "its encryption", "look", /AES256, without a key/, there({}, { kmsKeyArn: KEY })],
    [
      "what may not be asked of it",
      "its encryption",
      "look",
      /not known/,
      { ...there({}), account: { ...there({}).account, denied: ["GetBucketEncryption"] } },
    ],
  ])("judges of a bucket that is to be there: %s", async (_, subject, verdict, found, change) => {
    const finding = (await verdicts(change))[subject];
    expect(finding).toMatchObject({ verdict, found: expect.stringMatching(found) });
    expect(finding?.todo === "").toBe(verdict === "ok");
    expect(finding?.commands?.length ?? 0).toBe(subject === "its events" ? 2 : 0);
  });
});

describe("npm run preflight", () => {
  const run = async (account: Partial<Account>) => {
    const env = await shellOf({ ...READY, id: prod.accountId, ...account }, "1.14.0");
    return new Promise<{ code: number; output: string }>((resolve) => {
      const args = ["--require", require.resolve("tsx/cjs"), join(__dirname, "../../operations/preflight.ts")];
      const child = execFile(process.execPath, args, { env }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
      );
    });
  };

  it("prints a table and ends with 0 when nothing has to be mended", async () => {
    const { code, output } = await run({});
    expect(output).toMatch(
      /^prod: account 222222222222, eu-central-1\n +what +found +what to do\nok +Terraform +1\.14\.0$/m,
    );
    expect(code).toBe(0);
  });

  it("ends with 1 when something has to be mended, and says how", async () => {
    const { code, output } = await run({ sandboxes: 10, unreservedSandboxes: 10 });
    expect(output).toMatch(/^fix +sandboxes .* set prod\.reservedConcurrency to "none"$/m);
    expect(code).toBe(1);
  });

  it("ends with 2 when AWS refuses the credentials", async () => {
    const { code, output } = await run({ denied: ["GetCallerIdentity"] });
    expect(output).toMatch(/^npm run preflight: expected AWS credentials that work in eu-central-1: /);
    expect(code).toBe(2);
  });
});
