import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Table } from "@image-pipeline/command";
import { buildSync } from "esbuild";
import { bundleForLambda } from "../packaging/function-bundle";
import { median } from "./statistics";

const PROJECT = join(__dirname, "..");
const BARE = `
const { S3Client } = require("@aws-sdk/client-s3");
const sharp = require("sharp");
const s3 = new S3Client({});
exports.handler = async () => [s3, sharp];
`;
// The flags of Lambda's Node runtime.
const NODE_FLAGS = ["--no-experimental-require-module", "--no-experimental-detect-module"];
const REQUIRE_AND_TIME = `
const before = process.cpuUsage();
require(process.argv[1]);
const { user, system } = process.cpuUsage(before);
console.log((user + system) / 1000);
`;

/** Size and init time of the function bundle against one with nothing but an S3Client and sharp. */
export async function measureInit(rounds: number, progress: (line: string) => void): Promise<Table> {
  progress("init of the function bundle");
  const folder = mkdtempSync(join(tmpdir(), "bench-init-"));
  try {
    const bundles = [
      ["ours", join(folder, "ours.js")],
      ["bare", join(folder, "bare.js")],
    ] as const;
    writeFileSync(bundles[0][1], await bundleForLambda(join(PROJECT, "handlers", "resize-image", "index.ts")));
    buildSync({
      stdin: { contents: BARE, resolveDir: PROJECT },
      outfile: bundles[1][1],
      bundle: true,
      minify: true,
      platform: "node",
      target: "node24",
      external: ["sharp"],
    });
    const samples = bundles.map((): number[] => []);
    for (let round = 0; round <= rounds; round++) {
      for (const [index, [, path]] of bundles.entries()) {
        const milliseconds = init(path);
        if (round > 0) samples[index]?.push(milliseconds);
      }
    }
    const rows = bundles.map(([name, path], index) => {
      return [name, (statSync(path).size / 1024).toFixed(0), median(samples[index] ?? []).toFixed(0)];
    });
    return { title: "The function bundle", head: ["bundle", "KB", "init CPU ms"], rows };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function init(path: string): number {
  const environment = {
    NODE_PATH: join(PROJECT, "node_modules"),
    AWS_REGION: "eu-central-1",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "1024",
    ORIGINAL_BUCKET: "original",
    RESIZED_BUCKET: "resized",
    RENDITIONS: "{}",
    CACHE_CONTROL: "no-store",
  };
  const child = spawnSync(process.execPath, [...NODE_FLAGS, "-e", REQUIRE_AND_TIME, path], { env: environment });
  if (child.status !== 0) throw new Error(`Expected ${path} to load but: ${child.stderr}`);
  return Number(child.stdout);
}
