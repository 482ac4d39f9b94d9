import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";

// Code and native libraries, and what licences ask to travel with them (the table of libvips is in its README).
const RUNTIME_FILE = /\.(cjs|js|node|dylib|dll)$|\.so(\.\d+)*$|^(package|versions)\.json$/;
const LICENCE_FILE = /^(licen[cs]e|notice)/i;
const LIBVIPS_LICENCES = /^node_modules\/@img\/sharp-libvips-[^/]+\/README\.md$/;
// npm's own bookkeeping (with a symlink per command), sources to compile sharp from, and the script that would.
const NOT_AT_RUN_TIME = /(^|\/)(\.bin|\.package-lock\.json)$|^node_modules\/sharp\/(src|install|lib)$/;

/**
 * The files below `folder`/node_modules that a running function needs, by their path from `folder`.
 * @throws Error on a symbolic link: a layer zip cannot be relied on to keep one
 */
export async function readRuntimeFiles(folder: string, inside = "node_modules"): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const entry of await readdir(join(folder, inside), { withFileTypes: true })) {
    const path = posix.join(inside, entry.name);
    if (NOT_AT_RUN_TIME.test(path)) continue;
    if (entry.isSymbolicLink())
      throw new Error(`Expected plain files in the sharp layer but ${path} is a symbolic link`);
    if (entry.isDirectory()) {
      for (const [name, bytes] of await readRuntimeFiles(folder, path)) files.set(name, bytes);
    } else if (RUNTIME_FILE.test(entry.name) || LICENCE_FILE.test(entry.name) || LIBVIPS_LICENCES.test(path)) {
      files.set(path, await readFile(join(folder, path)));
    }
  }
  return files;
}
