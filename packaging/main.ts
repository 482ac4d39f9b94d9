import { stat } from "node:fs/promises";
import { relative } from "node:path";
import { runCommand, UsageError } from "@image-pipeline/command";
import type { Artifact } from "./artifact";
import { buildFunction } from "./function-bundle";
import { PROJECT_FOLDER } from "./project";
import { buildSharpLayer } from "./sharp-layer";

const HELP = `npm run build [-- --arch arm64|x64]

Builds what is deployed, into .build/: the zips of the two functions and the sharp layer zip for Linux on both of Lambda's
architectures, or on the one that --arch names. Prints size and SHA-256 of each.
`;

runCommand({
  name: "build",
  help: HELP,
  options: { arch: { type: "string" } },
  run: async ({ values }) => {
    const architectures = (["arm64", "x64"] as const).filter((arch) => arch === (values.arch ?? arch));
    if (architectures.length === 0) throw new UsageError(`--arch: expected arm64 or x64 but received ${values.arch}`);
    await print("resize function", await buildFunction("resize-image"));
    await print("status function", await buildFunction("execution-status"));
    for (const arch of architectures)
      await print(`sharp layer ${arch}`, await buildSharpLayer({ platform: "linux", arch }));
  },
});

async function print(what: string, artifact: Artifact): Promise<void> {
  const kilobytes = ((await stat(artifact.path)).size / 1024).toFixed(0);
  const path = relative(PROJECT_FOLDER, artifact.path);
  process.stdout.write(`${what.padEnd(18)}${kilobytes.padStart(6)} KB  ${path}  sha256 ${artifact.sha256Base64}\n`);
}
