import { spawnSync } from "node:child_process";

const REQUIRED: Readonly<Record<string, string>> = {
  terraform: "https://developer.hashicorp.com/terraform/install, 1.10 or newer",
  moto_server: 'pip install "moto[server]"',
  git: "https://git-scm.com",
};

/** Says which tool is missing before anything starts: a test of deploying that cannot deploy must not look like a pass. */
export default function requireTools(): void {
  const missing = Object.entries(REQUIRED).filter(([tool]) => spawnSync(tool, ["--help"]).status !== 0);
  if (missing.length === 0) return;
  throw new Error(
    ["npm run test:deploy needs:", ...missing.map(([tool, where]) => `  ${tool} (not found; ${where})`)].join("\n"),
  );
}
