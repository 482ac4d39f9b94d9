/**
 * Why AWS refuses an expression that JSONata itself takes, as the end of a sentence; `undefined` when it does not.
 * A Step Functions expression has no input document: `$`, `$$` and names without `$` in front have nothing to refer to
 * but inside a step, a filter or a sort (docs: transforming-data). `$eval` is not supported, and `$states` is reserved.
 */
export function refusal(root: unknown): string | undefined {
  const waiting: Visit[] = [{ node: root, inContext: false }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { node, inContext } = visit;
    if (Array.isArray(node)) {
      for (const item of node) waiting.push({ node: item, inContext });
      continue;
    }
    if (!isNode(node)) continue;
    const refused = refuse(node, inContext);
    if (refused !== undefined) return refused;
    for (const [field, child] of Object.entries(node)) {
      if (field === "steps" && Array.isArray(child)) {
        for (const [index, step] of child.entries()) waiting.push({ node: step, inContext: inContext || index > 0 });
      } else waiting.push({ node: child, inContext: inContext || changesContext(node.type, field) });
    }
  }
  return undefined;
}

interface Visit {
  readonly node: unknown;
  /** True where `$` and plain names refer to a value that the expression itself has found. */
  readonly inContext: boolean;
}

interface Node {
  readonly type?: unknown;
  readonly value?: unknown;
  readonly lhs?: unknown;
}

function isNode(node: unknown): node is Node {
  return typeof node === "object" && node !== null;
}

function changesContext(type: unknown, field: string): boolean {
  if (type === "transform") return field === "pattern" || field === "update" || field === "delete";
  return field === "stages" || field === "predicate" || field === "group" || (type === "sort" && field === "terms");
}

function refuse(node: Node, inContext: boolean): string | undefined {
  switch (node.type) {
    case "variable":
      if (node.value === "$") return "uses $$, which refers to nothing";
      if (node.value === "" && !inContext) return "uses $, which refers to nothing at the top of an expression";
      if (node.value === "eval") return "uses $eval, which is not supported: see $parse";
      return undefined;
    case "name":
      return inContext ? undefined : `uses the unqualified name '${String(node.value)}'`;
    case "wildcard":
    case "descendant":
    case "parent":
      return inContext ? undefined : "uses *, ** or % at the top of an expression, where there is no value";
    case "bind":
      return isNode(node.lhs) && node.lhs.value === "states" ? "assigns $states, which is reserved" : undefined;
    default:
      return undefined;
  }
}
