import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of this process alone, gone when it ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "image-pipeline-"));
  process.once("exit", () => rmSync(folder, { recursive: true }));
  return folder;
}
