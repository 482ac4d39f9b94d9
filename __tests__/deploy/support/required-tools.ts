import { spawnSync } from "node:child_process";

/** A command that ends well where the tool is there, and where to get it. */
const REQUIRED: Readonly<Record<string, string>> = {
  "terraform --help": "https://developer.hashicorp.com/terraform/install, 1.10 or newer",
  "moto_server --help": 'pip install "moto[server]"',
  "git --help": "https://git-scm.com",
  "aws --version": "https://aws.amazon.com/cli/",
};

/** Says which tool is missing before anything starts: a test of deploying that cannot deploy must not look like a pass. */
export default function requireTools(): void {
  const missing = Object.entries(REQUIRED).filter(([command]) => {
    const [tool = "", ...args] = command.split(" ");
    return spawnSync(tool, args).status !== 0;
  });
  if (missing.length === 0) return;
  const lines = missing.map(([command, where]) => `  ${command.split(" ")[0]} (not found; ${where})`);
  throw new Error(["npm run test:deploy needs:", ...lines].join("\n"));
}
