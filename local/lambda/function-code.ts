import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { FunctionResource } from "../stack-model/stack-model";
import { readZip } from "./read-zip";

/** Where the unpacked function (`/var/task` on Lambda) and its layers (`/opt`) lie. */
export interface FunctionCode {
  readonly taskFolder: string;
  readonly layerFolder: string;
}

/** The folders of a function's code inside of one that is its own. */
export function codeFolders(folder: string): FunctionCode {
  return { taskFolder: join(folder, "task"), layerFolder: join(folder, "opt") };
}

/**
 * Unpacks a function and its layers. The folders have to lie outside the project, or Node would climb into the project's
 * own node_modules and hide a dependency that is missing from the zips.
 */
export async function unpack(
  { address, zipPath, layers }: Pick<FunctionResource, "address" | "zipPath" | "layers">,
  { taskFolder, layerFolder }: FunctionCode,
): Promise<void> {
  await unzipInto(zipPath, taskFolder, address);
  for (const layer of layers) await unzipInto(layer.zipPath, layerFolder, layer.address);
}

async function unzipInto(zipPath: string, folder: string, address: string): Promise<void> {
  let files: ReadonlyMap<string, Buffer>;
  try {
    files = await readZip(await readFile(zipPath));
  } catch (error) {
    throw new Error(`${address}: expected a zip at ${zipPath}: ${error instanceof Error ? error.message : error}`);
  }
  for (const name of files.keys()) {
    if (normalize(name).startsWith("..") || name.startsWith("/")) {
      throw new Error(`${address}: the zip ${zipPath} holds a path that leaves its folder: ${name}`);
    }
  }
  try {
    await Promise.all([...files].map(([name, bytes]) => writeInto(join(folder, name), bytes)));
  } catch (error) {
    throw new Error(`${address}: could not unpack into ${folder}: ${error instanceof Error ? error.message : error}`);
  }
}

async function writeInto(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
}
