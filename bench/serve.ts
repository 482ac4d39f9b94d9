import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { RenditionPreset } from "../handlers/resize-image/config";

/** Answers the lines a Contender sends: reads the file, then measures `work` alone. */
export async function serve(
  work: (bytes: Buffer, renditions: readonly RenditionPreset[]) => Promise<readonly Uint8Array[]>,
): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const { file, renditions, outputs } = JSON.parse(line);
    const bytes = readFileSync(file);
    const before = process.cpuUsage();
    const made = await work(bytes, renditions);
    const { user, system } = process.cpuUsage(before);
    const answer = { cpuMilliseconds: (user + system) / 1000, peakBytes: peakBytes() };
    const files = outputs && { outputs: made.map((output) => Buffer.from(output).toString("base64")) };
    process.stdout.write(`${JSON.stringify({ ...answer, ...files })}\n`);
  }
}

// On Linux maxRSS also counts the parent's memory at the moment it started this process.
function peakBytes(): number {
  const kilobytes = process.platform === "linux" ? highWaterMark() : undefined;
  return (kilobytes ?? process.resourceUsage().maxRSS) * 1024;
}

function highWaterMark(): number | undefined {
  const [, kilobytes] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes);
}
