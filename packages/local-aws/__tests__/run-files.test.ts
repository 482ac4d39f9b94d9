import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunFiles } from "../run-files";

const aRun = (awsUrl: string) => ({
  stackName: "stack",
  outputs: { api_url: "http://127.0.0.1:3000" },
  awsUrl,
  region: "eu-central-1",
});
const NOBODY = "http://127.0.0.1:1";

describe("RunFiles", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "run-files-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const text = (name: string) => readFileSync(join(folder, name), "utf8");

  it("writes the outputs as cdktf does, by stack", async () => {
    await new RunFiles(folder).write(aRun(NOBODY));

    expect(JSON.parse(text("outputs.json"))).toEqual({ stack: { api_url: "http://127.0.0.1:3000" } });
  });

  it("writes variables a shell can source, an empty session token among them", async () => {
    await new RunFiles(folder).write(aRun(NOBODY));

    expect(text("aws.env")).toMatch(
      /^AWS_ENDPOINT_URL=http:\/\/127\.0\.0\.1:1\nAWS_ACCESS_KEY_ID=\S+\nAWS_SECRET_ACCESS_KEY=\S+\nAWS_SESSION_TOKEN=\nAWS_REGION=eu-central-1\n/,
    );
  });

  it("removes its own files", async () => {
    const files = new RunFiles(folder);
    await files.write(aRun(NOBODY));

    await files.remove();

    expect([existsSync(join(folder, "outputs.json")), existsSync(join(folder, "aws.env"))]).toEqual([false, false]);
  });

  it("leaves alone the variables that another run has written since", async () => {
    const first = new RunFiles(folder);
    await first.write(aRun(NOBODY));
    await new RunFiles(folder).write(aRun("http://127.0.0.1:2"));

    await first.remove();

    expect(text("aws.env")).toContain("http://127.0.0.1:2");
  });

  it("tells of another run only while that is alive", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const url = `http://127.0.0.1:${address !== null && typeof address === "object" ? address.port : 0}`;
    await new RunFiles(folder).write(aRun(url));

    expect(await new RunFiles(folder).write(aRun(NOBODY))).toBe(url);
    expect(await new RunFiles(folder).write(aRun(NOBODY))).toBeUndefined();
    await new Promise((resolve) => other.close(resolve));
  });
});
