import { assignRows, forwardEdges, orderRows } from "./graph-rows";
import type { Graph, GraphEdge, GraphState } from "./machine-graph";

/** A state with its place. Lengths are pixels of the drawing. */
export interface PlacedState {
  readonly state: GraphState;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow through points: vertical where it leaves and arrives. */
export interface PlacedEdge {
  readonly edge: GraphEdge;
  readonly points: readonly Point[];
  readonly label: Point;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A whole drawing. Containers come before what is inside them. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly states: readonly PlacedState[];
  readonly edges: readonly PlacedEdge[];
  /** Where the arrows into the first states of the machine and of its branches begin. */
  readonly starts: readonly { readonly name: string; readonly from: Point; readonly to: Point }[];
}

const ROW_GAP = 62;
const COLUMN_GAP = 28;
const STATE_HEIGHT = 40;
const LETTER_WIDTH = 7.6;
const STATE_PADDING = 22;
const LEAST_WIDTH = 104;
const START_HEIGHT = 34;
/** Labels stand right above where their arrows arrive, one over the other. */
const LABEL_HEIGHT = 15;
const LABEL_LETTER_WIDTH = 6.6;
const LABEL_ABOVE = 20;
/** A longer one is cut, and told in full to who asks. */
export const LABEL_LETTERS = 28;
const INSIDE_PADDING = 16;
const TITLE_HEIGHT = 30;
/** A long arrow takes a place of its own in each row that it passes. */
const PASSING_WIDTH = 12;

/** Something in a row: a state, or an arrow that passes. */
interface Cell {
  readonly id: string;
  readonly state: GraphState | undefined;
  readonly inside: readonly Drawing[];
  readonly width: number;
  height: number;
  /** What it takes of its row, with the labels above it. */
  slot: number;
  row: number;
  x: number;
  y: number;
}

/** Puts each state a row below those that lead to it, and beside those of its row, where few arrows cross. */
export function drawingOf(graph: Graph): Drawing {
  const cells = new Map<string, Cell>(graph.states.map((state) => [state.name, cellOf(state)]));
  const forward = forwardEdges(graph);
  assignRows(cells, forward);
  makeRoomForLabels(graph.edges, cells, forward);
  const routes = new Map(graph.edges.map((edge) => [edge, routeOf(edge, cells, forward.has(edge))]));
  const links = [...routes.values()].flatMap((route) =>
    route.slice(1).map((to, index) => ({ from: route[index], to })),
  );
  const rows = orderRows([...cells.values()], links);
  const { width, height } = place(rows);
  const states = [...cells.values()].flatMap((cell) => statesOf(cell));
  const first = cells.get(graph.startAt);
  const labelled = new Map<string, number>();
  const edges = graph.edges.map((edge, index) => {
    const above = labelled.get(edge.to) ?? 0;
    if (edge.label !== "" && forward.has(edge)) labelled.set(edge.to, above + 1);
    return placedEdge(edge, routes.get(edge) ?? [], { width, index, above });
  });
  // Arrows that lead back run beside everything.
  const right = Math.max(width, ...edges.flatMap(({ points }) => points.map(({ x }) => x + COLUMN_GAP / 2)));
  const starts = first
    ? [{ name: first.id, from: { x: centre(first), y: 0 }, to: { x: centre(first), y: first.y } }]
    : [];
  const inner = [...cells.values()].flatMap((cell) => insideOf(cell));
  return {
    width: right,
    height,
    states: [...states, ...inner.flatMap((drawing) => drawing.states)],
    edges: [...edges, ...inner.flatMap((drawing) => drawing.edges)],
    starts: [...starts, ...inner.flatMap((drawing) => drawing.starts)],
  };
}

function cellOf(state: GraphState): Cell {
  const inside = state.inside.map(drawingOf);
  const named = Math.max(LEAST_WIDTH, state.name.length * LETTER_WIDTH + 2 * STATE_PADDING);
  const inner = inside.reduce((sum, { width }) => sum + width + INSIDE_PADDING, INSIDE_PADDING);
  const innerHeight = Math.max(0, ...inside.map(({ height }) => height));
  const isLeaf = inside.length === 0;
  return {
    id: state.name,
    state,
    inside,
    width: isLeaf ? named : Math.max(named, inner),
    height: isLeaf ? STATE_HEIGHT : TITLE_HEIGHT + innerHeight + INSIDE_PADDING,
    slot: isLeaf ? named : Math.max(named, inner),
    row: 0,
    x: 0,
    y: 0,
  };
}

function makeRoomForLabels(
  edges: readonly GraphEdge[],
  cells: ReadonlyMap<string, Cell>,
  forward: ReadonlySet<GraphEdge>,
): void {
  for (const edge of edges) {
    const cell = forward.has(edge) ? cells.get(edge.to) : undefined;
    const label = Math.min(edge.label.length, LABEL_LETTERS) * LABEL_LETTER_WIDTH;
    if (cell !== undefined) cell.slot = Math.max(cell.slot, label);
  }
}

/** The cells an arrow goes through, from its state to the next; new ones for the rows it passes. */
function routeOf(edge: GraphEdge, cells: Map<string, Cell>, isForward: boolean): readonly Cell[] {
  const [from, to] = [cells.get(edge.from), cells.get(edge.to)];
  if (from === undefined || to === undefined) return [];
  if (!isForward) return [from, to];
  const passing: Cell[] = [];
  for (let row = from.row + 1; row < to.row; row++) {
    const id = `${edge.from} ${edge.kind} ${edge.label} ${edge.to} ${row}`;
    const cell = {
      id,
      state: undefined,
      inside: [],
      width: PASSING_WIDTH,
      slot: PASSING_WIDTH,
      height: 0,
      row,
      x: 0,
      y: 0,
    };
    cells.set(id, cell);
    passing.push(cell);
  }
  return [from, ...passing, to];
}

function place(rows: readonly (readonly Cell[])[]): { readonly width: number; readonly height: number } {
  const widthOf = (row: readonly Cell[]) =>
    row.reduce((sum, cell) => sum + cell.slot, 0) + COLUMN_GAP * Math.max(0, row.length - 1);
  const width = Math.max(0, ...rows.map(widthOf));
  let y = START_HEIGHT;
  for (const row of rows) {
    let x = (width - widthOf(row)) / 2;
    const height = Math.max(0, ...row.map((cell) => cell.height));
    for (const cell of row) {
      cell.x = x + (cell.slot - cell.width) / 2;
      cell.y = y;
      // Past the whole row, or it would cross what stands beside it.
      if (cell.state === undefined) cell.height = height;
      x += cell.slot + COLUMN_GAP;
    }
    y += height + ROW_GAP;
  }
  return { width, height: rows.length === 0 ? 0 : y - ROW_GAP };
}

function statesOf({ state, x, y, width, height }: Cell): readonly PlacedState[] {
  return state === undefined ? [] : [{ state, x, y, width, height }];
}

/** What is inside of a state, where the state is. */
function insideOf(cell: Cell): readonly Drawing[] {
  const whole = cell.inside.reduce((sum, { width }) => sum + width + INSIDE_PADDING, -INSIDE_PADDING);
  let x = cell.x + (cell.width - whole) / 2;
  return cell.inside.map((drawing) => {
    const moved = movedBy(drawing, x, cell.y + TITLE_HEIGHT);
    x += drawing.width + INSIDE_PADDING;
    return moved;
  });
}

function movedBy({ width, height, states, edges, starts }: Drawing, dx: number, dy: number): Drawing {
  const point = ({ x, y }: Point) => ({ x: x + dx, y: y + dy });
  return {
    width,
    height,
    states: states.map((placed) => ({ ...placed, ...point(placed) })),
    edges: edges.map(({ edge, points, label }) => ({ edge, points: points.map(point), label: point(label) })),
    starts: starts.map(({ name, from, to }) => ({ name, from: point(from), to: point(to) })),
  };
}

const centre = ({ x, width }: Cell): number => x + width / 2;

function placedEdge(
  edge: GraphEdge,
  route: readonly Cell[],
  { width, index, above }: { readonly width: number; readonly index: number; readonly above: number },
): PlacedEdge {
  const [from, ...rest] = route;
  const to = rest.at(-1);
  if (from === undefined || to === undefined) return { edge, points: [], label: { x: 0, y: 0 } };
  const leaves = { x: centre(from), y: from.y + from.height };
  if (to.row > from.row) {
    const passed = rest.slice(0, -1).flatMap((cell) => [
      { x: centre(cell), y: cell.y },
      { x: centre(cell), y: cell.y + cell.height },
    ]);
    const points = [leaves, ...passed, { x: centre(to), y: to.y }];
    return { edge, points, label: { x: centre(to), y: to.y - LABEL_ABOVE - above * LABEL_HEIGHT } };
  }
  const beside = width + COLUMN_GAP * (1 + (index % 3) / 2);
  const [high, low] = [to.y + to.height / 2, from.y + from.height / 2];
  const points = [
    { x: from.x + from.width, y: low },
    { x: beside, y: low },
    { x: beside, y: high },
    { x: to.x + to.width, y: high },
  ];
  return { edge, points, label: { x: beside, y: (high + low) / 2 } };
}

/** The `d` of a path through points, bent so that it leaves and arrives upright; around corners for one that leads back. */
export function pathOf(points: readonly Point[], isBack: boolean): string {
  const [first, ...rest] = points;
  if (first === undefined) return "";
  let before = first;
  let path = `M${round(first)}`;
  for (const point of rest) {
    const middle = (before.y + point.y) / 2;
    path += isBack
      ? `L${round(point)}`
      : `C${round({ x: before.x, y: middle })} ${round({ x: point.x, y: middle })} ${round(point)}`;
    before = point;
  }
  return path;
}

const round = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
