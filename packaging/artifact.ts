import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** A zip on disk, ready to be deployed. */
export interface Artifact {
  /** Absolute path of the zip. */
  readonly path: string;
  /** SHA-256 of its bytes in base64, as Lambda reports it (`CodeSha256`). */
  readonly sha256Base64: string;
}

/** The artifact at `path`, or undefined when no build has put it there yet. */
export async function findArtifact(path: string): Promise<Artifact | undefined> {
  return existsSync(path) ? describeArtifact(path, await readFile(path)) : undefined;
}

/** Puts `bytes` at `path` in one step, so that a build running beside this one never reads half a zip. */
export async function writeArtifact(path: string, bytes: Uint8Array): Promise<Artifact> {
  const unfinished = `${path}.${randomUUID()}.unfinished`;
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(unfinished, bytes);
    await rename(unfinished, path);
  } finally {
    await rm(unfinished, { force: true });
  }
  return describeArtifact(path, bytes);
}

function describeArtifact(path: string, bytes: Uint8Array): Artifact {
  return { path, sha256Base64: createHash("sha256").update(bytes).digest("base64") };
}
