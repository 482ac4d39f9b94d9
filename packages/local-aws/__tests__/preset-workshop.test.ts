import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parsePolicy } from "@image-pipeline/iam-policy";
import { Authenticator } from "../endpoint/authenticator";
import { Authorizer } from "../iam/authorizer";
import { CredentialStore } from "../iam/credentials";
import { S3Server } from "../s3/s3-server";
import { presetWorkshop } from "../workshop/preset-workshop";
import { aFunctionResource } from "./support/a-function-resource";
import { until } from "./support/until";

const PLACE = { region: "eu-central-1", accountId: "111111111111" };
const TRUST = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const PRESET = { width: 10, height: 10, fit: "cover", format: "webp" } as const;
const TRIAL = { key: "cat.jpg", name: "try", preset: PRESET };

// Loads once the file `go` is there, notes that it was called, and answers with its process.
const FUNCTION = `
const { existsSync, writeFileSync } = require("node:fs");
writeFileSync(__dirname + "/loading", "");
while (!existsSync(__dirname + "/go")) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
exports.handler = async () => {
  writeFileSync(__dirname + "/called", "");
  return { success: false, Error: "Tried", Cause: String(process.pid) };
};
`;

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A workshop for the function above, and its folder. */
function workshopOf(idleMs?: number) {
  const codeFolder = mkdtempSync(join(tmpdir(), "preset-workshop-"));
  const task = join(codeFolder, "fn", "task");
  mkdirSync(task, { recursive: true });
  writeFileSync(join(task, "index.js"), FUNCTION);
  const environment = { RENDITIONS: JSON.stringify({ card: PRESET }) };
  const role = { ...aFunctionResource().role, trust: parsePolicy(TRUST, "aws_iam_role.r", "trust") };
  const resource = aFunctionResource({ role, environment });
  const credentials = new CredentialStore(PLACE.accountId);
  const authenticator = new Authenticator(credentials, PLACE.region);
  const authorizer = new Authorizer(PLACE, () => {});
  const s3 = new S3Server({ buckets: [], authenticator, authorizer, log: () => {}, onObjectChanged: () => {} });
  const stack = {
    ...PLACE,
    name: "s",
    buckets: [],
    functions: [resource],
    stateMachines: [],
    apis: [],
    rules: [],
    queues: [],
    topics: [],
    objects: [],
    distributions: [],
    outputs: {},
  };
  const workshop = presetWorkshop({ stack, s3, authenticator, authorizer, credentials }, codeFolder, idleMs);
  if (workshop === undefined) throw new Error("expected a workshop");
  ends.push(async () => {
    await workshop.stop();
    s3.stop();
    rmSync(codeFolder, { recursive: true });
  });
  return { workshop, task };
}

const there = (path: string) => until(async () => existsSync(path) || undefined);
const gone = (pid: number) =>
  until(async () => {
    try {
      process.kill(pid, 0);
      return undefined;
    } catch {
      return true;
    }
  });

describe("presetWorkshop", () => {
  it("calls no function for who went away while it was loading, and keeps it for the next", async () => {
    const { workshop, task } = workshopOf();
    const page = new AbortController();
    const trial = workshop.make(TRIAL, page.signal);
    await there(join(task, "loading"));
    page.abort(new Error("went away"));
    writeFileSync(join(task, "go"), "");

    await expect(trial).rejects.toThrow("went away");
    expect(existsSync(join(task, "called"))).toBe(false);
    expect((await workshop.make(TRIAL, new AbortController().signal)).answer).toMatchObject({ error: "Tried" });
  });

  it("ends its processes when nobody tries anything any more, and starts others for who does", async () => {
    const { workshop, task } = workshopOf(1);
    writeFileSync(join(task, "go"), "");
    const pidOfOne = async () => {
      const { answer } = await workshop.make(TRIAL, new AbortController().signal);
      return answer.made ? Number.NaN : Number(answer.cause);
    };
    const first = await pidOfOne();
    await gone(first);

    expect(await pidOfOne()).not.toBe(first);
  });
});
