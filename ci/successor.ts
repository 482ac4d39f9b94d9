import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CommandError, runCommand } from "@image-pipeline/command";
import { contentsOf, successorFaults } from "./successor/differences";

const HELP = `Synthesizes the sources under CDK Terrain, the successor of CDKTF, and compares with CDKTF's own synthesis.

  npm run successor

Installs what ci/successor/package-lock.json says into .build/successor (about 480 MB, the first time), checks the types of
main.ts and stacks/ against it, and fails with every difference that is not expected.`;

const PROJECT = join(__dirname, "..");
const MANIFESTS = join(__dirname, "successor");
const FOLDER = join(PROJECT, ".build", "successor");
/** Says which packages the names of CDKTF stand for; tsc and tsx both read it. */
const TSCONFIG = join(MANIFESTS, "tsconfig.json");

runCommand({
  name: "npm run successor",
  help: HELP,
  options: {},
  run: () => {
    mkdirSync(FOLDER, { recursive: true });
    for (const manifest of ["package.json", "package-lock.json"])
      copyFileSync(join(MANIFESTS, manifest), join(FOLDER, manifest));
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], FOLDER);
    run(process.execPath, [require.resolve("typescript/bin/tsc"), "--project", TSCONFIG]);

    const faults = successorFaults(synthesis("cdktf"), synthesis("cdktn", "--tsconfig", TSCONFIG));
    if (faults.length > 0) {
      throw new CommandError(`the successor does not synthesize what was expected:\n${faults.join("\n")}`);
    }
    console.info("the successor synthesizes the same stacks, but for versions and the provider's full name");
  },
});

/** What main.ts synthesizes into a folder of its own. */
function synthesis(name: string, ...options: readonly string[]): ReadonlyMap<string, unknown> {
  const folder = join(FOLDER, name);
  rmSync(folder, { recursive: true, force: true });
  run(process.execPath, [require.resolve("tsx/cli"), ...options, "main.ts"], PROJECT, { CDKTF_OUTDIR: folder });
  return contentsOf(folder);
}

function run(program: string, args: readonly string[], cwd = PROJECT, environment: NodeJS.ProcessEnv = {}): void {
  try {
    execFileSync(program, args, {
      cwd,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "inherit", "inherit"],
    });
  } catch (error) {
    throw new CommandError(`${[program, ...args].join(" ")} failed; its output is above`, { cause: error });
  }
}
