import type { WireJson } from "../wire";

/** A state as it is drawn. Names are unique in a whole machine. */
export interface GraphState {
  readonly name: string;
  readonly type: string;
  /** The branches of a Parallel, or what a Map does with each item. */
  readonly inside: readonly Graph[];
}

/** How one state leads to another. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "next" | "choice" | "default" | "catch";
  readonly label: string;
}

/** States and what leads from one to another. */
export interface Graph {
  readonly startAt: string;
  readonly states: readonly GraphState[];
  readonly edges: readonly GraphEdge[];
}

interface Fields {
  readonly [name: string]: WireJson;
}

/** What there is to draw of a definition in Amazon States Language, or of a part of it. */
export function graphOf(definition: Fields): Graph {
  const states = Object.entries(fieldsOf(definition.States));
  return {
    startAt: textOf(definition.StartAt),
    states: states.map(([name, state]) => stateOf(name, fieldsOf(state))),
    edges: states.flatMap(([name, state]) => edgesOf(name, fieldsOf(state))),
  };
}

function stateOf(name: string, state: Fields): GraphState {
  const processor = state.ItemProcessor ?? state.Iterator;
  const inside = [...listOf(state.Branches), ...(processor === undefined ? [] : [processor])];
  return { name, type: textOf(state.Type), inside: inside.map((part) => graphOf(fieldsOf(part))) };
}

function edgesOf(from: string, state: Fields): readonly GraphEdge[] {
  const edges: GraphEdge[] = [];
  const add = (to: WireJson | undefined, kind: GraphEdge["kind"], label: string) => {
    if (typeof to === "string") edges.push({ from, to, kind, label });
  };
  for (const choice of listOf(state.Choices)) {
    const fields = fieldsOf(choice);
    add(fields.Next, "choice", ruleText(fields));
  }
  add(state.Default, "default", "otherwise");
  add(state.Next, "next", "");
  for (const catcher of listOf(state.Catch)) {
    const { Next, ErrorEquals } = fieldsOf(catcher);
    add(Next, "catch", listOf(ErrorEquals).map(textOf).join(", "));
  }
  return edges;
}

/** Words for the operators of a comparison, by how their names end; the rest keeps its name. */
const OPERATORS: readonly (readonly [RegExp, string])[] = [
  [/LessThanEquals(Path)?$/, "≤"],
  [/GreaterThanEquals(Path)?$/, "≥"],
  [/LessThan(Path)?$/, "<"],
  [/GreaterThan(Path)?$/, ">"],
  [/Equals(Path)?$/, "="],
  [/Matches$/, "~"],
];

/** A rule of a Choice in a few characters. */
export function ruleText(rule: Fields): string {
  if (typeof rule.Condition === "string") return rule.Condition.replace(/^\{%\s*|\s*%\}$/g, "");
  if (rule.Not !== undefined) return `not ${ruleText(fieldsOf(rule.Not))}`;
  for (const [name, word] of [
    ["And", " and "],
    ["Or", " or "],
  ] as const) {
    if (rule[name] !== undefined)
      return listOf(rule[name])
        .map((part) => ruleText(fieldsOf(part)))
        .join(word);
  }
  const variable = textOf(rule.Variable).replace(/^\$\./, "");
  for (const [name, value] of Object.entries(rule)) {
    if (["Variable", "Next", "Comment", "Assign", "Output"].includes(name)) continue;
    const sign = OPERATORS.find(([pattern]) => pattern.test(name))?.[1];
    return sign === undefined ? `${variable} ${name} ${JSON.stringify(value)}` : `${variable} ${sign} ${plain(value)}`;
  }
  return variable;
}

const plain = (value: WireJson): string => (typeof value === "string" ? value : JSON.stringify(value));
const textOf = (value: WireJson | undefined): string => (typeof value === "string" ? value : "");
const listOf = (value: WireJson | undefined): readonly WireJson[] => (Array.isArray(value) ? value : []);

function fieldsOf(value: WireJson | undefined): Fields {
  return isFields(value) ? value : {};
}

function isFields(value: WireJson | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
