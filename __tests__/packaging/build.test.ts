import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const PROJECT = join(__dirname, "..", "..");
const FIRST_BUILD_MILLISECONDS = 180_000;

async function build(folder: string, ...flags: string[]): Promise<string> {
  const tsx = join(PROJECT, "node_modules", "tsx", "dist", "cli.mjs");
  const { stdout } = await promisify(execFile)(process.execPath, [tsx, "packaging/main.ts", ...flags], { cwd: folder });
  return stdout;
}

describe("npm run build", () => {
  it(
    "gives the same bytes in another folder",
    async () => {
      const elsewhere = mkdtempSync(join(tmpdir(), "another folder "));
      for (const part of ["handlers", "packaging", "package.json", "tsconfig.json", ".npmrc"]) {
        cpSync(join(PROJECT, part), join(elsewhere, part), { recursive: true });
      }
      symlinkSync(join(PROJECT, "node_modules"), join(elsewhere, "node_modules"));
      const there = await build(elsewhere, "--arch", "x64").finally(() => rmSync(elsewhere, { recursive: true }));
      expect(there).toBe(await build(PROJECT, "--arch", "x64"));
      expect(there).toMatch(
        /^resize function .* KB {2}\.build\/resize-image\.zip {2}sha256 \S{43}=\nstatus function .*\nsharp layer x64 .* KB/,
      );
    },
    FIRST_BUILD_MILLISECONDS,
  );

  it.each([
    [["--arch", "mips"], "build: --arch: expected arm64 or x64 but received mips; see --help"],
    [["--bogus"], "build: Unknown option '--bogus'; see --help"],
  ])("refuses %j in one line", async (flags, line) => {
    await expect(build(PROJECT, ...flags)).rejects.toMatchObject({ stderr: `${line}\n` });
  });

  it("explains itself", async () => {
    expect(await build(PROJECT, "--help")).toContain("npm run build");
  });
});
