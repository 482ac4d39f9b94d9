import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { unzipSync } from "fflate";
import type { FunctionResource } from "../stack-model/stack-model";

/** Where the unpacked function (`/var/task` on Lambda) and its layers (`/opt`) lie. */
export interface FunctionCode {
  readonly taskFolder: string;
  readonly layerFolder: string;
}

/**
 * Unpacks a function and its layers into a folder. It has to lie outside the project, or Node would climb into the
 * project's own node_modules and hide a dependency that is missing from the zips.
 */
export async function unpack(resource: FunctionResource, folder: string): Promise<FunctionCode> {
  const code = { taskFolder: join(folder, "task"), layerFolder: join(folder, "opt") };
  await unzipInto(resource.zipPath, code.taskFolder, resource.address);
  for (const layer of resource.layers) await unzipInto(layer.zipPath, code.layerFolder, layer.address);
  return code;
}

async function unzipInto(zipPath: string, folder: string, address: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  let files: Readonly<Record<string, Uint8Array>>;
  try {
    files = unzipSync(await readFile(zipPath));
  } catch (error) {
    throw new Error(`${address}: expected a zip at ${zipPath}: ${error instanceof Error ? error.message : error}`);
  }
  for (const [name, bytes] of Object.entries(files)) {
    if (name.endsWith("/")) continue;
    if (normalize(name).startsWith("..") || name.startsWith("/")) {
      throw new Error(`${address}: the zip ${zipPath} holds a path that leaves its folder: ${name}`);
    }
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}
