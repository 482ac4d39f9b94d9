import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import type { FunctionResource } from "../stack/stack-model";
import { readZip, type ZippedFile } from "./read-zip";

/** Where the unpacked function (`/var/task` on Lambda) and its layers (`/opt`) lie, and what one sandbox compiled for the next. */
export interface FunctionCode {
  readonly taskFolder: string;
  readonly layerFolder: string;
  readonly compiledFolder: string;
}

/** The folders of a function's code inside of one that is its own. */
export function codeFolders(folder: string): FunctionCode {
  return {
    taskFolder: join(folder, "task"),
    layerFolder: join(folder, "opt"),
    compiledFolder: join(folder, "compiled"),
  };
}

/**
 * Unpacks a function and its layers, to be read only, as they are on Lambda. The folders have to lie outside the project,
 * or Node would climb into the project's own node_modules and hide a dependency that is missing from the zips.
 */
export async function unpack(
  { address, zipPath, layers }: Pick<FunctionResource, "address" | "zipPath" | "layers">,
  { taskFolder, layerFolder }: FunctionCode,
): Promise<void> {
  await write(await filesOf(zipPath, address), taskFolder, address);
  const layerFiles = await Promise.all(layers.map((layer) => filesOf(layer.zipPath, layer.address)));
  // A later layer lies over an earlier one.
  await write(new Map(layerFiles.flatMap((files) => [...files])), layerFolder, address);
}

async function filesOf(zipPath: string, address: string): Promise<ReadonlyMap<string, ZippedFile>> {
  let files: ReadonlyMap<string, ZippedFile>;
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
  return files;
}

async function write(files: ReadonlyMap<string, ZippedFile>, folder: string, address: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await Promise.all([...files].map(([name, file]) => writeInto(join(folder, name), file)));
    const subfolders = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) =>
      entry.isDirectory(),
    );
    await Promise.all([
      ...subfolders.map(({ parentPath, name }) => chmod(join(parentPath, name), 0o555)),
      chmod(folder, 0o555),
    ]);
  } catch (error) {
    throw new Error(`${address}: could not unpack into ${folder}: ${error instanceof Error ? error.message : error}`);
  }
}

async function writeInto(path: string, { bytes, executable }: ZippedFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes, { mode: executable ? 0o555 : 0o444 });
}
