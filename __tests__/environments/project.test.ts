import { describeFault, loadProject } from "../../environments";
import { bootstrapFaults } from "../../environments/bootstrap";
import { environmentFaults } from "../../environments/environment";
import { originalBucketName } from "../../environments/original-bucket";
import { aBootstrap, anAccount } from "../support/a-bootstrap";
import { anEnvironment } from "../support/an-environment";

const location = { bucket: "test-state", key: "test.tfstate", region: "eu-west-1" } as const;

describe("the state of an environment", () => {
  const messages = (state: unknown): string[] =>
    environmentFaults({ ...anEnvironment(), state }, "test").map(describeFault);

  it.each([["local"], [location]])("may be %j", (state) => {
    expect(messages(state)).toEqual([]);
  });

  it.each([
    ["another word", "s3", 'test.state: expected a bucket, a key and a region, or "local" but received "s3"'],
    ["no value", undefined, 'test.state: expected a bucket, a key and a region, or "local" but received nothing'],
    [
      "a bucket name that S3 refuses",
      { ...location, bucket: "test_state" },
      'test.state.bucket: expected a bucket name with only lower-case letters, digits, hyphens and periods (S3 allows no underscore, capital or space) but received "test_state"',
    ],
    [
      "the key of a lock",
      { ...location, key: "test.tfstate.tflock" },
      'test.state.key: expected a key such as dev/terraform.tfstate but received "test.tfstate.tflock"',
    ],
    [
      "an absolute key",
      { ...location, key: "/test.tfstate" },
      'test.state.key: expected a key such as dev/terraform.tfstate but received "/test.tfstate"',
    ],
    [
      "a region that does not exist",
      { ...location, region: "eu-west-9" },
      expect.stringMatching(/^test\.state\.region: expected one of ap-northeast-1, .* but received "eu-west-9"$/),
    ],
    [
      "a field that Terraform would not get",
      { ...location, lock: true },
      "test.state.lock: expected no field of this name (known: bucket, key, region) but received true",
    ],
  ])("may not be %s", (_what, state, message) => {
    expect(messages(state)).toEqual([message]);
  });
});

describe("the bootstrap data", () => {
  const messages = (fields: Record<string, unknown>): string[] =>
    bootstrapFaults({ ...aBootstrap(), ...fields }, "bootstrap").map(describeFault);

  it.each(["owner/name", "my-org@123/my.repo_x@456"])("may name the repository %s", (repository) => {
    expect(messages({ repository })).toEqual([]);
  });

  it.each(["owner/*", "owner", "owner/name:environment:prod", "https://github.com/owner/name", "*"])(
    "may not trust the repository %s",
    (repository) => {
      expect(messages({ repository })).toEqual([
        `bootstrap.repository: expected a GitHub repository as owner@id/name@id or owner/name but received "${repository}"`,
      ]);
    },
  );

  it("may not trust every branch", () => {
    expect(messages({ branch: "*" })).toEqual(['bootstrap.branch: expected the name of a branch but received "*"']);
  });

  it("has at least one account", () => {
    expect(messages({ accounts: [] })).toEqual(["bootstrap.accounts: expected a list of at least one but received []"]);
  });

  it("reports every fault of an account with its place", () => {
    const broken = anAccount({ name: "Dev", accountId: "7", stateBucketName: "a_b" });
    expect(messages({ accounts: [anAccount(), broken] })).toEqual([
      'bootstrap.accounts[1].name: expected 1 to 16 lower-case letters, digits and hyphens, a letter first but received "Dev"',
      'bootstrap.accounts[1].accountId: expected an AWS account id, a string of 12 digits but received "7"',
      expect.stringContaining("bootstrap.accounts[1].stateBucketName: expected a bucket name with only"),
    ]);
  });
});

describe("the whole project", () => {
  const environment = anEnvironment();
  const other = anEnvironment({ name: "other", originalBucket: "other-o", resizedBucketName: "other-r" });

  it("may keep all its states in one bucket", () => {
    const project = {
      environments: [
        { ...environment, permissionsBoundary: true, state: { ...location, key: "test" } },
        { ...other, permissionsBoundary: true, state: { ...location, key: "other" } },
      ],
      bootstrap: aBootstrap({ accounts: [anAccount({ state: { ...location, key: "bootstrap" } })] }),
    };
    expect(loadProject(project)).toBe(project);
  });

  it("refuses one state for two environments, each of which would destroy the other's resources", () => {
    const [one, two] = [environment, other].map((each) => ({ ...each, state: location }));
    if (!one || !two) throw new Error("expected two environments");
    expect(() => loadProject({ environments: [one, two], bootstrap: aBootstrap() })).toThrow(
      "other.state: expected a state other than test.state's",
    );
  });

  it("tells a shared state also when its fields stand in another order", () => {
    const { bucket, key, region } = location;
    const bootstrap = aBootstrap({ accounts: [anAccount({ state: { region, key, bucket } })] });
    expect(() => loadProject({ environments: [{ ...environment, state: location }], bootstrap })).toThrow(
      "bootstrap.accounts[0].state: expected a state other than test.state's",
    );
  });

  it("refuses to keep the state among the pictures", () => {
    const bootstrap = aBootstrap({ accounts: [anAccount({ stateBucketName: originalBucketName(environment) })] });
    expect(() => loadProject({ environments: [environment], bootstrap })).toThrow(
      "bootstrap.accounts[0].stateBucketName: expected a bucket name other than test.originalBucket's",
    );
  });

  it.each(["name", "accountId"] as const)("refuses two accounts with one %s", (field) => {
    const second = { ...anAccount({ name: "b", accountId: "2".repeat(12) }), [field]: anAccount()[field] };
    const accounts = [anAccount(), { ...second, stateBucketName: "second-state" }];
    expect(() => loadProject({ environments: [], bootstrap: aBootstrap({ accounts }) })).toThrow(
      `bootstrap.accounts[1].${field}: expected an account ${field === "name" ? "name" : "id"} other than bootstrap.accounts[0].${field}'s`,
    );
  });

  it("refuses a permissions boundary that no bootstrap stack makes", () => {
    const bounded = anEnvironment({ accountId: "999999999999", permissionsBoundary: true });
    expect(() => loadProject({ environments: [bounded], bootstrap: aBootstrap() })).toThrow(
      "test.permissionsBoundary: expected false while no account of environments/accounts.ts is 999999999999 but received true",
    );
  });

  it.each([
    ["account", { accountId: "999999999999" }, "999999999999 in eu-west-1"],
    ["region", { region: "us-east-1" }, "123456789012 in us-east-1"],
  ] as const)("refuses an alarm topic's key that no bootstrap stack makes in its %s", (_, fields, place) => {
    const alarms = { emails: ["one@example.com"], encrypted: true, refusedPercent: 9 };
    expect(() =>
      loadProject({ environments: [anEnvironment({ ...fields, alarms })], bootstrap: aBootstrap() }),
    ).toThrow(
      `test.alarms.encrypted: expected false while no account of environments/accounts.ts is ${place} but received true`,
    );
  });

  it("refuses a state in S3 without the boundary, which its deploy role could not deploy", () => {
    const state = { bucket: "state-bucket", key: "k", region: "eu-west-1" };
    const { accountId } = anAccount();
    const unbounded = anEnvironment({ accountId, state, permissionsBoundary: false });
    expect(() => loadProject({ environments: [unbounded], bootstrap: aBootstrap() })).toThrow(
      `test.permissionsBoundary: expected true, because its state is in S3 and the deploy role of account ${accountId} makes bounded roles only but received false`,
    );
  });
});
