import { basename } from "node:path";
import type { Table } from "@image-pipeline/command";
import { type Contender, contenders } from "./contender";
import { geometricMean, median } from "./statistics";
import { TASKS, type Task } from "./tasks";

/** CPU time of each task and picture: all contenders take turns, so that all see the same machine. */
export async function measureRendering(
  pictures: readonly string[],
  rounds: number,
  rivals: ReadonlyMap<string, Contender>,
  progress: (line: string) => void,
): Promise<Table[]> {
  const ours = contenders.ours();
  const tables: Table[] = [];
  // A process takes several pictures until its code is compiled, which none of them is to be charged with.
  for (const task of TASKS) await medians([ours, ...rivals.values()], pictures[0] ?? "", task, rounds);
  for (const task of TASKS) {
    const rows: (readonly number[])[] = [];
    for (const picture of pictures) {
      progress(`${task.name}: ${basename(picture)}`);
      rows.push(await medians([ours, ...rivals.values()], picture, task, rounds));
    }
    tables.push(tableOf(task, pictures, rows, [...rivals.keys()]));
  }
  ours.stop();
  return tables;
}

async function medians(
  contenders: readonly Contender[],
  picture: string,
  task: Task,
  rounds: number,
): Promise<number[]> {
  const samples = contenders.map((): number[] => []);
  // The first round warms up caches and is not counted.
  for (let round = 0; round <= rounds; round++) {
    for (const [index, contender] of rotated([...contenders.entries()], round)) {
      const { cpuMilliseconds } = await contender.run(picture, task.renditions);
      if (round > 0) samples[index]?.push(cpuMilliseconds);
    }
  }
  return samples.map(median);
}

// Whoever comes first finds the file in no cache: each is first as often as the others.
function rotated<T>(values: readonly T[], by: number): T[] {
  const from = by % values.length;
  return [...values.slice(from), ...values.slice(0, from)];
}

function tableOf(
  task: Task,
  pictures: readonly string[],
  rows: readonly (readonly number[])[],
  rivals: readonly string[],
): Table {
  const ratios = rows.map(([own = Number.NaN, ...others]) => others.map((other) => own / other));
  const means = rivals.map((_, column) => {
    return geometricMean(ratios.map((ratio) => ratio[column] ?? Number.NaN)).toFixed(2);
  });
  return {
    title: `CPU time, ${task.name}`,
    head: ["picture", "ours ms", ...rivals.map((rival) => `${rival} ms`), ...rivals.map((rival) => `ours/${rival}`)],
    rows: [
      ...rows.map((row, index) => [
        basename(pictures[index] ?? ""),
        ...row.map((milliseconds) => milliseconds.toFixed(1)),
        ...(ratios[index] ?? []).map((ratio) => ratio.toFixed(2)),
      ]),
      ["geometric mean", "", ...rivals.map(() => ""), ...means],
    ],
  };
}

/** Peak memory of a fresh process for each picture and task. */
export async function measureMemory(pictures: readonly string[], progress: (line: string) => void): Promise<Table> {
  const megabytes = (bytes: number) => (bytes / 1024 / 1024).toFixed(0);
  const rows: string[][] = [];
  for (const picture of pictures) {
    progress(`memory: ${basename(picture)}`);
    const peaks: string[] = [];
    for (const { renditions } of TASKS) {
      const contender = contenders.ours();
      peaks.push(megabytes((await contender.run(picture, renditions)).peakBytes));
      contender.stop();
    }
    rows.push([basename(picture), ...peaks]);
  }
  return { title: "Peak memory of the whole process in MB", head: ["picture", ...TASKS.map(({ name }) => name)], rows };
}
