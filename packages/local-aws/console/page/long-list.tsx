import { Component, type ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { type RowWindow, rowWindow } from "./row-window";
import type { PagedList } from "./use-pages";

/** A list of any length: the rows in sight are there, the others are height. */
export interface LongListProps<Item> {
  readonly list: PagedList<Item>;
  readonly label: string;
  /** Pixels. */
  readonly rowHeight: number;
  readonly row: (item: Item, isChosen: boolean) => ComponentChildren;
  readonly empty: ComponentChildren;
  /** Where nothing in the rows can be reached by keys. */
  readonly scrolledByKeys?: true;
  /** The row that is chosen, which is kept in sight. */
  readonly chosen?: number | undefined;
}

const SOME_ROWS: RowWindow = { from: 0, to: 20 };

export function LongList<Item>({ list, label, rowHeight, row, empty, chosen, scrolledByKeys }: LongListProps<Item>) {
  const frame = useRef<HTMLDivElement>(null);
  const [inSight, setInSight] = useState(SOME_ROWS);
  const total = list.total ?? 0;
  const { from, to } = { from: Math.min(inSight.from, total), to: Math.min(inSight.to, total) };

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = () => {
      const next = rowWindow(element.scrollTop, element.clientHeight, rowHeight, Number.MAX_SAFE_INTEGER);
      // Nothing is drawn again before another row comes into sight.
      setInSight((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, [rowHeight]);

  useLayoutEffect(() => list.show({ from, to }), [from, to, list.show]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || chosen === undefined) return;
    const [top, bottom] = [chosen * rowHeight, (chosen + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [chosen, rowHeight]);

  const indices = Array.from({ length: to - from }, (_, offset) => from + offset);
  return (
    <div class="long-list" ref={frame} {...(scrolledByKeys && { tabIndex: 0 })}>
      {list.error !== undefined && (
        <p class="failure" role="alert">
          {list.error}
        </p>
      )}
      {list.total === 0 && <div class="empty">{empty}</div>}
      <ul aria-label={label} style={{ height: `${total * rowHeight}px` }}>
        {indices.map((index) => (
          <Row
            key={index}
            item={list.item(index)}
            index={index}
            total={total}
            rowHeight={rowHeight}
            row={row}
            isChosen={index === chosen}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowProps<Item> {
  readonly item: Item | undefined;
  readonly index: number;
  readonly total: number;
  readonly rowHeight: number;
  readonly row: (item: Item, isChosen: boolean) => ComponentChildren;
  readonly isChosen: boolean;
}

/** Drawn again only when it shows something else: a list may move sixty times a second. */
class Row<Item> extends Component<RowProps<Item>> {
  override shouldComponentUpdate({ item, index, total, isChosen }: RowProps<Item>): boolean {
    const now = this.props;
    return item !== now.item || index !== now.index || total !== now.total || isChosen !== now.isChosen;
  }

  override render({ item, index, total, rowHeight, row, isChosen }: RowProps<Item>) {
    const place = { top: `${index * rowHeight}px`, height: `${rowHeight}px` };
    return (
      <li aria-setsize={total} aria-posinset={index + 1} style={place}>
        {item === undefined ? <span class="waiting" /> : row(item, isChosen)}
      </li>
    );
  }
}
