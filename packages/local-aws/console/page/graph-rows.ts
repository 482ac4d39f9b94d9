import type { Graph, GraphEdge } from "./machine-graph";

/** Something that stands in a row of a drawing. */
export interface InRow {
  row: number;
}

/** Down and up again, each time a little better. */
const SWEEPS = 4;

/** The edges that do not lead back to a state on the way to them. */
export function forwardEdges({ startAt, states, edges }: Graph): ReadonlySet<GraphEdge> {
  const names = new Set(states.map(({ name }) => name));
  const forward = new Set<GraphEdge>();
  const done = new Set<string>();
  const onTheWay = new Set<string>();
  const visit = (name: string) => {
    onTheWay.add(name);
    for (const edge of edges) {
      if (edge.from !== name || !names.has(edge.to) || onTheWay.has(edge.to)) continue;
      forward.add(edge);
      if (!done.has(edge.to)) visit(edge.to);
    }
    onTheWay.delete(name);
    done.add(name);
  };
  for (const name of [startAt, ...names]) if (names.has(name) && !done.has(name)) visit(name);
  return forward;
}

/** Puts each state below all that lead to it. */
export function assignRows(cells: ReadonlyMap<string, InRow>, forward: ReadonlySet<GraphEdge>): void {
  // The longest way has fewer steps than there are states.
  for (let round = 0; round < cells.size; round++) {
    for (const { from, to } of forward) {
      const [source, target] = [cells.get(from), cells.get(to)];
      if (source !== undefined && target !== undefined) target.row = Math.max(target.row, source.row + 1);
    }
  }
}

/** Rows, each ordered by where the neighbours of its cells stand. */
export function orderRows<Cell extends InRow>(
  cells: readonly Cell[],
  links: readonly { readonly from: Cell | undefined; readonly to: Cell }[],
): readonly (readonly Cell[])[] {
  const count = Math.max(0, ...cells.map(({ row }) => row + 1));
  const rows = Array.from({ length: count }, (_, row) => cells.filter((cell) => cell.row === row));
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const down = sweep % 2 === 0;
    for (const row of down ? rows : rows.toReversed()) {
      const position = new Map(rows.flatMap((other) => other.map((cell, index) => [cell, index] as const)));
      const middle = (cell: Cell) => {
        const neighbours = links.flatMap(({ from, to }) =>
          from === undefined || from.row === to.row
            ? []
            : down && to === cell
              ? [from]
              : !down && from === cell
                ? [to]
                : [],
        );
        const places = neighbours.map((neighbour) => position.get(neighbour) ?? 0);
        return places.length === 0
          ? (position.get(cell) ?? 0)
          : places.reduce((sum, value) => sum + value, 0) / places.length;
      };
      const middles = new Map(row.map((cell) => [cell, middle(cell)]));
      row.sort((one, other) => (middles.get(one) ?? 0) - (middles.get(other) ?? 0));
    }
  }
  return rows;
}
