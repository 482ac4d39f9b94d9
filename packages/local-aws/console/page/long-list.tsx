import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { rowWindow } from "./row-window";
import type { PagedList } from "./use-pages";

/** A list of any length: the rows in sight are there, the others are height. */
export interface LongListProps<Item> {
  readonly list: PagedList<Item>;
  readonly label: string;
  /** Pixels. */
  readonly rowHeight: number;
  readonly row: (item: Item, index: number) => ComponentChildren;
  readonly empty: ComponentChildren;
  /** The index of a row to keep in sight. */
  readonly shown?: number | undefined;
}

export function LongList<Item>({ list, label, rowHeight, row, empty, shown }: LongListProps<Item>) {
  const frame = useRef<HTMLDivElement>(null);
  const [{ scrollTop, height }, setSight] = useState({ scrollTop: 0, height: 600 });
  const total = list.total ?? 0;
  const window = rowWindow(scrollTop, height, rowHeight, total);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const look = () => setSight({ scrollTop: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  useLayoutEffect(() => list.show(window), [window.from, window.to, list.show]);

  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || shown === undefined) return;
    const [top, bottom] = [shown * rowHeight, (shown + 1) * rowHeight];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
  }, [shown, rowHeight]);

  const rows = Array.from({ length: window.to - window.from }, (_, offset) => window.from + offset);
  return (
    <div class="long-list" ref={frame}>
      {list.error !== undefined && <p class="failure">{list.error}</p>}
      {list.total === 0 && <div class="empty">{empty}</div>}
      <ul aria-label={label} style={{ height: `${total * rowHeight}px` }}>
        {rows.map((index) => {
          const item = list.item(index);
          return (
            <li
              key={index}
              aria-setsize={total}
              aria-posinset={index + 1}
              style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
            >
              {item === undefined ? <span class="waiting" /> : row(item, index)}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
