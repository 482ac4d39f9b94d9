import { useMemo } from "preact/hooks";
import type { MachineInfo, Visit } from "../wire";
import { type Drawing, drawingOf, LABEL_LETTERS, type PlacedEdge, type PlacedState, pathOf } from "./graph-layout";
import { graphOf } from "./machine-graph";
import { type StateMark, stateMarks, takenEdges } from "./state-marks";

const MARGIN = 10;
/** Pixels. Beside the history there is room for less. */
const WIDE = 460;
const LEAST_SCALE = 0.62;

/** The state machine as it is defined, with what an execution has done of it. */
export function MachineDrawing({
  machine,
  visits,
}: {
  readonly machine: MachineInfo;
  readonly visits: readonly Visit[];
}) {
  const drawing = useMemo(() => drawingOf(graphOf(machine.definition)), [machine]);
  const marks = stateMarks(visits);
  const taken = takenEdges(visits);
  const { width, height } = drawing;
  const isWide = width > WIDE;
  const image = (
    <svg
      class={isWide ? "machine wide" : "machine"}
      viewBox={`${-MARGIN} ${-MARGIN} ${width + 2 * MARGIN} ${height + 2 * MARGIN}`}
      width={width + 2 * MARGIN}
      // Smaller than that nobody reads it: it is moved, then.
      style={{ minWidth: `${Math.min(1, isWide ? LEAST_SCALE : 1) * width}px` }}
      role="img"
      aria-label={spoken(machine, drawing, marks)}
    >
      <defs>
        <ArrowHead id={arrowOf(machine, false)} isTaken={false} />
        <ArrowHead id={arrowOf(machine, true)} isTaken />
      </defs>
      {drawing.starts.map(({ name, from, to }) => (
        <g key={name} class={marks.has(name) ? "edge taken" : "edge"}>
          <circle cx={from.x} cy={from.y + 5} r="5" />
          <path
            d={`M${from.x},${from.y + 10}L${to.x},${to.y}`}
            marker-end={`url(#${arrowOf(machine, marks.has(name))})`}
          />
        </g>
      ))}
      {drawing.states.map((placed) => (
        <StateBox key={placed.state.name} placed={placed} mark={marks.get(placed.state.name)} />
      ))}
      {drawing.edges.map((placed) => (
        <Arrow
          key={`${placed.edge.from} ${placed.edge.kind} ${placed.edge.label} ${placed.edge.to}`}
          placed={placed}
          machine={machine}
          isTaken={taken.has(`${placed.edge.from} ${placed.edge.to}`)}
        />
      ))}
    </svg>
  );
  if (!isWide) return image;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what does not fit is moved by keys too
    <section class="moved" tabIndex={0} aria-label={`Drawing of ${machine.name}`}>
      {image}
    </section>
  );
}

function StateBox({ placed, mark }: { readonly placed: PlacedState; readonly mark: StateMark | undefined }) {
  const { state, x, y, width, height } = placed;
  const isContainer = state.inside.length > 0;
  const titleY = isContainer ? y + 20 : y + height / 2 + 5;
  return (
    <g class={`state ${mark?.how ?? "untouched"}${isContainer ? " container" : ""}`}>
      <title>{`${state.name}, ${state.type}`}</title>
      <rect x={x} y={y} width={width} height={height} rx={state.type === "Choice" ? height / 2 : 7} />
      <text x={x + width / 2} y={titleY}>
        {state.name}
      </text>
      {mark !== undefined && mark.retries > 0 && (
        <Badge x={x + width} y={y} text={`${mark.retries}×`} title={`tried again ${mark.retries} times`} />
      )}
      {mark !== undefined && mark.visits > 1 && mark.retries === 0 && (
        <Badge x={x + width} y={y} text={String(mark.visits)} title={`entered ${mark.visits} times`} />
      )}
    </g>
  );
}

function Badge({
  x,
  y,
  text,
  title,
}: {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly title: string;
}) {
  const width = 14 + 7 * text.length;
  return (
    <g class="badge">
      <title>{title}</title>
      <rect x={x - width + 6} y={y - 10} width={width} height="20" rx="10" />
      <text x={x - width / 2 + 6} y={y + 4}>
        {text}
      </text>
    </g>
  );
}

function Arrow({ placed, machine, isTaken }: ArrowProps) {
  const { edge, points, label } = placed;
  const [first, last] = [points[0], points.at(-1)];
  const isBack = first !== undefined && last !== undefined && points.length === 4 && last.y < first.y;
  const text = edge.label.length > LABEL_LETTERS ? `${edge.label.slice(0, LABEL_LETTERS - 1)}…` : edge.label;
  return (
    <g class={`edge ${edge.kind}${isTaken ? " taken" : ""}`}>
      <path d={pathOf(points, isBack)} marker-end={`url(#${arrowOf(machine, isTaken)})`} />
      {text !== "" && (
        <text x={label.x} y={label.y + 4}>
          <title>{edge.label}</title>
          {text}
        </text>
      )}
    </g>
  );
}

interface ArrowProps {
  readonly placed: PlacedEdge;
  readonly machine: MachineInfo;
  readonly isTaken: boolean;
}

function ArrowHead({ id, isTaken }: { readonly id: string; readonly isTaken: boolean }) {
  return (
    <marker
      id={id}
      class={isTaken ? "taken" : ""}
      viewBox="0 0 8 8"
      refX="7"
      refY="4"
      markerWidth="8"
      markerHeight="8"
      markerUnits="userSpaceOnUse"
      orient="auto"
    >
      <path d="M0 0.5 7.5 4 0 7.5z" />
    </marker>
  );
}

/** Ids are the whole page's, and it may have several drawings. */
const arrowOf = ({ name }: MachineInfo, isTaken: boolean): string => `${isTaken ? "taken" : "arrow"}-${name}`;

/** The drawing in words. */
function spoken(machine: MachineInfo, { states }: Drawing, marks: ReadonlyMap<string, StateMark>): string {
  const said = states.map(({ state }) => {
    const mark = marks.get(state.name);
    if (mark === undefined) return state.name;
    const retries = mark.retries > 0 ? `, tried again ${mark.retries} times` : "";
    return `${state.name} ${mark.how === "left" ? "done" : mark.how}${retries}`;
  });
  return `State machine ${machine.name}: ${said.join("; ")}`;
}
