import { CommandError } from "@image-pipeline/command";

const SECONDS = { m: 60, h: 3_600, d: 86_400 } as const;

/** The moment that is `30m`, `24h` or `14d` before `now`. @throws CommandError */
export function since(text: string, now: Date): Date {
  const [, count = "", unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (unit !== "m" && unit !== "h" && unit !== "d") {
    throw new CommandError(`--since: expected a time such as 30m, 24h or 14d but received ${text}`);
  }
  return new Date(now.getTime() - Number(count) * SECONDS[unit] * 1000);
}
