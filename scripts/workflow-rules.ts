/**
 * What actionlint does not ask of a workflow: no permission unless a job takes it, and only actions that cannot change
 * under the same name. Each fault as `path:line: what was expected and what came`.
 */
export function workflowFaults(path: string, text: string): readonly string[] {
  const lines = text.split("\n");
  const faults = lines.flatMap((line, index) => {
    const [, action] = /^\s*(?:- )?uses:\s*(.+?)\s*$/.exec(line) ?? [];
    const isPinned = action === undefined || action.startsWith("./") || PINNED.test(action);
    return isPinned
      ? []
      : [
          `${path}:${index + 1}: expected an action pinned as owner/name@<40 digits> # <version> but received ${action}`,
        ];
  });
  const isWorkflow = path.includes("/workflows/");
  return isWorkflow && !lines.includes("permissions: {}")
    ? [...faults, `${path}:1: expected "permissions: {}" at the top, with grants in each job`]
    : faults;
}

const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;
