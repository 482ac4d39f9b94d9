import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const PROJECT = join(__dirname, "..", "..");

/** The commands of a block of a page, which a reader types one after the other into one shell. */
export interface CommandBlock {
  readonly page: string;
  /** The block is marked `bash aws`: it needs an AWS account. */
  readonly needsAws: boolean;
  /** Without their comments. */
  readonly commands: readonly string[];
}

/** Every block of shell commands in the pages of the project. */
export function commandBlocks(): readonly CommandBlock[] {
  const inFolder = (folder: string) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" }).map((name) => join(folder, name));
  const pages = [...readdirSync(PROJECT), ...inFolder("docs"), ...readmesOfPackages()].filter((name) =>
    name.endsWith(".md"),
  );
  return pages.sort().flatMap((page) =>
    [...readFileSync(join(PROJECT, page), "utf8").matchAll(/^```(bash|sh|shell)(.*)\n([\s\S]*?)^```$/gm)].map(
      ([, , mark = "", text = ""]) => ({
        page,
        needsAws: mark.trim() === "aws",
        commands: text.split("\n").flatMap((line) => line.replace(/(^|\s+)# .*$/, "") || []),
      }),
    ),
  );
}

const readmesOfPackages = () =>
  readdirSync(join(PROJECT, "packages")).flatMap((name) =>
    readdirSync(join(PROJECT, "packages", name)).map((file) => join("packages", name, file)),
  );

/** What takes too long for a test beside others, and the file that runs it instead. */
export const RUN_ELSEWHERE: Readonly<Record<string, string>> = {
  "npm ci": ".ci/run",
  "npm test": ".ci/run",
  "npm run check": ".github/workflows/checks.yml",
  "npm run soak": ".ci/run",
  "npm run test:clients": ".ci/run",
  "npm run test:console": ".ci/run",
  "npm start": "packages/local-aws/__tests__/npm-start.test.ts",
};

/** The commands of a block that a test has to run itself; of `npm ci && npm start` there is nothing left. */
export function commandsToRun({ commands }: CommandBlock): readonly string[] {
  const elsewhere = Object.keys(RUN_ELSEWHERE);
  return commands.flatMap((command) => {
    const left = command.split(" && ").filter((part) => !elsewhere.some((start) => `${part} `.startsWith(`${start} `)));
    return left.length > 0 ? left.join(" && ") : [];
  });
}
