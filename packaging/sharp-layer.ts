import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Artifact, findArtifact, writeArtifact } from "./artifact";
import { elfArchitecture } from "./elf";
import { readRuntimeFiles } from "./layer-files";
import { npmCi } from "./npm-ci";
import { BUILD_FOLDER, PROJECT_FOLDER } from "./project";
import { zip } from "./zip";

/** The machine a layer is for; "linux" means glibc, which is what Lambda has. */
export interface LayerTarget {
  readonly platform: "linux" | "darwin";
  readonly arch: "arm64" | "x64";
}

const LAYER_FOLDER = join(__dirname, "sharp-layer");
const MANIFESTS = ["package.json", "package-lock.json"] as const;
const NATIVE_FILE = /\.node$|\.so(\.\d+)*$/;

/**
 * Zips sharp for `target` as Lambda wants a Node layer (nodejs/node_modules/...), installed from the lockfile in
 * packaging/sharp-layer without Docker. The first build of a target downloads about 9 MB; later ones find the zip by
 * a key over the lockfile and the code in this folder.
 */
export async function buildSharpLayer(target: LayerTarget): Promise<Artifact> {
  const name = `sharp-layer-${target.platform}-${target.arch}`;
  // The key is a folder: Terraform replaces a layer when its file's name changes, whatever the bytes.
  const path = join(BUILD_FOLDER, await cacheKey(), `${name}.zip`);
  const cached = await findArtifact(path);
  if (cached) return cached;

  process.stderr.write(`Installing ${name} from its lockfile (first build only) ...\n`);
  const files = await installSharp(target);
  checkArchitecture(files, target);
  process.stderr.write(`Zipping ${name} ...\n`);
  return writeArtifact(path, zip(new Map([...files].map(([file, bytes]) => [`nodejs/${file}`, bytes]))));
}

async function installSharp({ platform, arch }: LayerTarget): Promise<Map<string, Uint8Array>> {
  const folder = await mkdtemp(join(tmpdir(), "sharp-layer-"));
  try {
    for (const manifest of MANIFESTS) await copyFile(join(LAYER_FOLDER, manifest), join(folder, manifest));
    // A private registry named by the project counts here too.
    await copyFile(join(PROJECT_FOLDER, ".npmrc"), join(folder, ".npmrc"));
    const libc = platform === "linux" ? ["--libc=glibc"] : [];
    await npmCi(folder, [`--os=${platform}`, `--cpu=${arch}`, ...libc]);
    return await readRuntimeFiles(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @throws Error when a native library is missing or compiled for another processor, which only Lambda would notice */
export function checkArchitecture(files: ReadonlyMap<string, Uint8Array>, target: LayerTarget): void {
  const native = [...files].filter(([name]) => NATIVE_FILE.test(name));
  if (!native.some(([name]) => name.endsWith(".node"))) {
    throw new Error(`Expected sharp's native library for ${target.platform}-${target.arch} but npm installed none`);
  }
  if (target.platform !== "linux") return;
  for (const [name, bytes] of native) {
    const architecture = elfArchitecture(bytes);
    if (architecture === target.arch) continue;
    throw new Error(
      `Expected ${name} to be an ELF file for ${target.arch} but it is ${architecture ?? "something else"}`,
    );
  }
}

// Whatever decides about the bytes: what is installed, what of it is kept, and what zips it.
async function cacheKey(): Promise<string> {
  const code = (await readdir(__dirname)).filter((name) => name.endsWith(".ts")).sort();
  const hash = createHash("sha256");
  for (const path of [
    ...code.map((name) => join(__dirname, name)),
    ...MANIFESTS.map((name) => join(LAYER_FOLDER, name)),
    require.resolve("fflate/package.json"),
  ]) {
    hash.update(await readFile(path)).update("\0");
  }
  return hash.digest("hex").slice(0, 12);
}
