import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPT = join(__dirname, "../../ci/folder-digest.sh");
const run = (...args: readonly string[]) => spawnSync("bash", [SCRIPT, ...args], { encoding: "utf8" });

describe("folder-digest.sh", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "folder digest "));
    mkdirSync(join(folder, "a b"));
    writeFileSync(join(folder, "a b", "one"), "1");
    writeFileSync(join(folder, ".hidden"), "2");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const digest = () => /^digest=([0-9a-f]{64})\n$/.exec(run(folder).stdout)?.[1] ?? "";

  it("accepts the folder that it was made of", () => {
    const { status, stdout } = run(folder, "--expect", digest());
    expect([status, stdout]).toEqual([0, `digest=${digest()}\n`]);
  });

  it.each<[string, () => void]>([
    ["another content", () => writeFileSync(join(folder, "a b", "one"), "2")],
    ["another content of a hidden file", () => writeFileSync(join(folder, ".hidden"), "3")],
    ["one file more", () => writeFileSync(join(folder, "two"), "")],
    ["one file less", () => rmSync(join(folder, ".hidden"))],
    ["a file of another name", () => writeFileSync(join(folder, "a b", "one\n"), "1")],
  ])("tells %s", (_, change) => {
    const before = digest();
    change();
    const { status, stderr } = run(folder, "--expect", before);
    expect([status, stderr]).toEqual([1, `folder-digest: ${folder}: expected ${before} but it is ${digest()}\n`]);
  });

  it("refuses what is no file, which would be followed", () => {
    symlinkSync("/etc", join(folder, "link"));
    expect(run(folder)).toMatchObject({ status: 2, stderr: expect.stringContaining("but found ./link") });
  });

  it.each([[[]], [["a", "--expect"]], [["a", "b", "c"]]])("refuses the arguments %j", (args) => {
    expect(run(...args)).toMatchObject({ status: 2, stderr: expect.stringContaining("see --help") });
  });

  it("refuses an empty folder", () => {
    const empty = mkdtempSync(join(tmpdir(), "empty-"));
    expect(run(empty)).toMatchObject({ status: 2, stderr: expect.stringContaining("expected files") });
    rmSync(empty, { recursive: true });
  });
});
