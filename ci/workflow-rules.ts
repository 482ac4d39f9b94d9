/**
 * What actionlint does not ask of a workflow or a local action: no permission unless a job takes it, only actions that
 * cannot change under the same name, commands of one line that GitHub puts nothing into. Each fault as
 * `path:line: what was expected and what came`.
 */
export function workflowFaults(path: string, text: string): readonly string[] {
  const lines = text.split("\n");
  const faults = lines.flatMap((line, index) =>
    [actionFault(line), commandFault(line, lines[index + 1] ?? ""), queueFault(line)].flatMap((fault) =>
      fault === undefined ? [] : [`${path}:${index + 1}: ${fault}`],
    ),
  );
  const isWorkflow = path.includes("/workflows/");
  return isWorkflow && !lines.includes("permissions: {}")
    ? [...faults, `${path}:1: expected "permissions: {}" at the top, with grants in each job`]
    : faults;
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;

function actionFault(line: string): string | undefined {
  const [, action] = /^\s*(?:- )?uses:\s*(.+?)\s*$/.exec(line) ?? [];
  if (action === undefined || action.startsWith("./") || PINNED.test(action)) return undefined;
  return `expected an action pinned as owner/name@<40 digits> # <version> but received ${action}`;
}

// Any spelling of the key, so that none goes by; only the plain one is accepted.
const RUN_KEY = /^(?!\s*#).*(?:^|[\s{,])["']?run["']?\s*:/;
const PLAIN_RUN = /^(?<before>\s*(?:- )?)run: [^\s|>&*!"'{[#]/;

/** More than a line belongs into a script, where it can be tested; and `${{ }}` becomes part of the command itself. */
function commandFault(line: string, next: string): string | undefined {
  if (!RUN_KEY.test(line)) return undefined;
  const column = PLAIN_RUN.exec(line)?.groups?.before?.length;
  const isContinued = column !== undefined && next.search(/\S/) > column;
  if (column === undefined || isContinued)
    return `expected a command of one line, unquoted, but received ${line.trim()}`;
  return line.includes("${{") ? `expected an environment variable instead of \${{ }} in ${line.trim()}` : undefined;
}

// https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
function queueFault(line: string): string | undefined {
  const [, queue] = /^\s*queue:\s*(.*?)\s*$/.exec(line) ?? [];
  return queue === undefined || queue === "single" || queue === "max"
    ? undefined
    : `expected queue to be single or max but received ${queue}`;
}
