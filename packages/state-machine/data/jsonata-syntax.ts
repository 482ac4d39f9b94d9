import jsonata from "jsonata";

/**
 * Why AWS refuses an expression that JSONata itself takes; `undefined` when it does not. A Step Functions expression has
 * no input document: `$`, `$$` and names without `$` in front have nothing to refer to but inside a step, a filter or a
 * sort (docs: transforming-data). `$states` is reserved, and of it only what is `offered` is there beside input and context.
 */
export function refusal(root: unknown, offered: ReadonlySet<string>): string | undefined {
  const waiting: Visit[] = [{ node: root, inContext: false }];
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { node, inContext } = visit;
    if (Array.isArray(node)) {
      for (const item of node) waiting.push({ node: item, inContext });
      continue;
    }
    if (!isNode(node)) continue;
    const refused = refuse(node, inContext, offered);
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
  readonly steps?: unknown;
  readonly arguments?: unknown;
}

function isNode(node: unknown): node is Node {
  return typeof node === "object" && node !== null;
}

function changesContext(type: unknown, field: string): boolean {
  if (type === "transform") return field === "pattern" || field === "update" || field === "delete";
  return field === "stages" || field === "predicate" || field === "group" || (type === "sort" && field === "terms");
}

function refuse(node: Node, inContext: boolean, offered: ReadonlySet<string>): string | undefined {
  switch (node.type) {
    case "variable":
      if (node.value === "$") return "Reference to '$$' is not supported.";
      return node.value === "" && !inContext ? atTheTop("$") : undefined;
    case "name":
      return inContext ? undefined : atTheTop(String(node.value));
    case "wildcard":
    case "descendant":
    case "parent":
      return inContext ? undefined : atTheTop(String(node.value ?? "%"));
    case "path":
      return refuseMissing(node.steps, offered);
    case "bind":
      return isNode(node.lhs) && node.lhs.value === "states" ? "The variable '$states' is reserved." : undefined;
    default:
      return undefined;
  }
}

function atTheTop(name: string): string {
  return `Reference to '${name}' at the top level is not supported.`;
}

/** Results and errors are there in some fields only, and where they are not is known before anything runs (docs: transforming-data). */
function refuseMissing(steps: unknown, offered: ReadonlySet<string>): string | undefined {
  const [first, second]: readonly unknown[] = Array.isArray(steps) ? steps : [];
  if (!isNode(first) || first.type !== "variable" || first.value !== "states") return undefined;
  if (!isNode(second) || second.type !== "name") return undefined;
  const field = String(second.value);
  const missing = (field === "result" || field === "errorOutput") && !offered.has(field);
  return missing ? `Field '$states.${field}' does not exist.` : undefined;
}

/** The variables of a workflow that a text reads, if it is an expression: not functions, nor what the expression names itself. */
export function variablesIn(text: string): readonly string[] {
  if (!text.startsWith("{%") || !text.endsWith("%}")) return [];
  const read = new Set<string>();
  const own = new Set(["", "$", "states"]);
  const waiting: unknown[] = [jsonata(text.slice(2, -2).trim()).ast()];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (!isNode(node)) continue;
    if (node.type === "variable" && typeof node.value === "string") read.add(node.value);
    if (node.type === "bind" && isNode(node.lhs)) own.add(String(node.lhs.value));
    if (node.type === "lambda" && Array.isArray(node.arguments)) {
      for (const argument of node.arguments) if (isNode(argument)) own.add(String(argument.value));
    }
    for (const [field, child] of Object.entries(node)) {
      const called = field === "procedure" && isNode(child) && child.type === "variable";
      if (!called && isNode(child)) waiting.push(child);
    }
  }
  return [...read].filter((name) => !own.has(name));
}
