import { readFile } from "node:fs/promises";

// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
const RESIDENT = /^VmRSS:\s+(\d+) kB$/m;

/** Megabytes of memory a process holds; undefined where the system does not tell (anywhere but on Linux) or it is gone. */
export async function residentMemoryMb(pid: number): Promise<number | undefined> {
  try {
    const kilobytes = RESIDENT.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? undefined : Math.ceil(Number(kilobytes) / 1024);
  } catch {
    return undefined;
  }
}
