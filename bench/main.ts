import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { asMarkdown, asText, runCommand, type Table, wholeNumber } from "@image-pipeline/command";
import { measureBytes } from "./bytes";
import { contenders, hasPillow } from "./contender";
import { measureInit } from "./function-init";
import { makeGraphics, makePictures, picturesIn } from "./pictures";
import { measureMemory, measureRendering } from "./rendering";

const HELP = `npm run bench [-- [--rounds N] [folder]]

Measures the image core on the pictures in the folder (default: a few it makes itself): CPU time against one plain
sharp pipeline per rendition, against one decode and each rendition alone and, where python3 has Pillow, against its
thumbnail(); bytes at equal SSIM, of graphics too; peak memory; size and init time of the function bundle. Contenders
take turns, medians count. Prints tables and writes them to .build/bench.md.
`;

runCommand({
  name: "npm run bench",
  help: HELP,
  options: { rounds: { type: "string", default: "7" } },
  allowPositionals: true,
  run: async ({ values, positionals }) => {
    const rounds = wholeNumber("--rounds", values.rounds, 1);
    const made = mkdtempSync(join(tmpdir(), "bench-pictures-"));
    try {
      const [folder] = positionals;
      const pictures = folder ? picturesIn(folder) : await makePictures(made);
      report(await measure(pictures, await makeGraphics(join(made, "graphics")), rounds), rounds);
    } finally {
      rmSync(made, { recursive: true });
    }
  },
});

async function measure(pictures: readonly string[], graphics: readonly string[], rounds: number): Promise<Table[]> {
  const progress = (line: string) => process.stderr.write(`${line}\n`);
  const withPillow = hasPillow();
  if (!withPillow) progress("python3 has no Pillow: that comparison is left out (pip install pillow)");
  const encoders = new Map([
    ["plain", contenders.plain()],
    ...(withPillow ? [["Pillow", contenders.pillow()] as const] : []),
  ]);
  const rivals = new Map([["apart", contenders.apart()], ...encoders]);
  const tables = [
    ...(await measureRendering(pictures, rounds, rivals, progress)),
    await measureBytes([...pictures, ...graphics], encoders, progress),
  ];
  for (const rival of rivals.values()) rival.stop();
  return [...tables, await measureMemory(pictures, progress), await measureInit(rounds, progress)];
}

function report(tables: readonly Table[], rounds: number): void {
  const machine = `Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, medians of ${rounds} interleaved rounds.`;
  const file = join(__dirname, "..", ".build", "bench.md");
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, `## Bench\n\n${machine}\n\n${tables.map(asMarkdown).join("\n\n")}\n`);
  process.stdout.write(`\n${tables.map(asText).join("\n\n")}\n\n${machine}\nWritten to ${file}\n`);
}
