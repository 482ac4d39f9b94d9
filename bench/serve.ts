import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { RenditionPreset } from "../handlers/resize-image/config";

/** Answers the lines a Contender sends: reads the file, then measures `work` alone. */
export async function serve(
  work: (bytes: Buffer, renditions: readonly RenditionPreset[]) => Promise<void>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, renditions } = JSON.parse(line);
    const bytes = readFileSync(file);
    const before = process.cpuUsage();
    await work(bytes, renditions);
    const { user, system } = process.cpuUsage(before);
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    process.stdout.write(`${JSON.stringify({ cpuMilliseconds: (user + system) / 1000, peakBytes })}\n`);
  }
}
