import { join } from "node:path";
import { build } from "esbuild";
import { type Artifact, writeArtifact } from "./artifact";
import { BUILD_FOLDER, PROJECT_FOLDER } from "./project";
import { zip } from "./zip";

/**
 * Bundles `handlers/<name>` into `index.js` (CommonJS, `exports.handler`) and zips it. It takes a fraction of a second, so
 * it is done each time.
 */
export async function buildFunction(name: "resize-image" | "execution-status"): Promise<Artifact> {
  const bundle = await bundleForLambda(join(PROJECT_FOLDER, "handlers", name, "index.ts"));
  return writeArtifact(join(BUILD_FOLDER, `${name}.zip`), zip(new Map([["index.js", bundle]])));
}

/** One CommonJS file out of `entryPoint` and all it imports, except sharp, which the layer brings. */
export async function bundleForLambda(entryPoint: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    entryPoints: [entryPoint],
    absWorkingDir: PROJECT_FOLDER,
    bundle: true,
    minify: true,
    write: false,
    platform: "node",
    target: "node24",
    // Lambda finds layers through NODE_PATH, which `require` uses and `import` does not.
    format: "cjs",
    external: ["sharp"],
    // The ES module builds of the SDK can be tree-shaken, their CommonJS twins cannot.
    mainFields: ["module", "main"],
    alias: { "@aws-sdk/credential-provider-node": join(__dirname, "lambda-credentials.ts") },
    logLevel: "error",
  });
  const [bundle] = outputFiles;
  if (!bundle) throw new Error(`Expected esbuild to bundle ${entryPoint} into one file but it gave none`);
  return bundle.contents;
}
