import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Page } from "../wire";
import { pagesOf, type RowWindow } from "./row-window";
import { readApi } from "./server-api";
import { useReconnected } from "./use-live";

const PAGE_SIZE = 100;

/** Changes come in dozens a second; a list is asked for again no more often than this. */
const REFRESH_MS = 250;

/** A long list of which only what is in sight is read. */
export interface PagedList<Item> {
  readonly total: number | undefined;
  readonly error: string | undefined;
  readonly item: (index: number) => Item | undefined;
  /** Where an item stands, among those that were read. */
  readonly find: (is: (item: Item) => boolean) => number | undefined;
  /** Says what is in sight. */
  readonly show: (window: RowWindow) => void;
  /** Reads anew what is in sight, soon. */
  readonly refresh: () => void;
  /** Puts newer items in the place of those already read. */
  readonly patch: (newer: (item: Item) => Item | undefined) => void;
}

/** The list under a path with its query, which starts anew when either changes. */
export function usePages<Item>(path: string): PagedList<Item> {
  const pages = useRef(new Map<number, readonly Item[]>());
  const asked = useRef(new Set<number>());
  const sight = useRef<RowWindow>({ from: 0, to: PAGE_SIZE });
  const timer = useRef<number | undefined>(undefined);
  const [total, setTotal] = useState<number>();
  const [error, setError] = useState<string>();
  const [, redraw] = useState(0);
  const current = useRef(path);

  const read = useCallback(async (index: number) => {
    const of = current.current;
    asked.current.add(index);
    try {
      const separator = of.includes("?") ? "&" : "?";
      const page = await readApi<Page<Item>>(`${of}${separator}from=${index * PAGE_SIZE}&limit=${PAGE_SIZE}`);
      if (of !== current.current) return;
      pages.current.set(index, page.items);
      setTotal(page.total);
      setError(undefined);
      redraw((count) => count + 1);
    } catch (thrown) {
      if (of === current.current) setError(thrown instanceof Error ? thrown.message : String(thrown));
    } finally {
      if (of === current.current) asked.current.delete(index);
    }
  }, []);

  const show = useCallback(
    (window: RowWindow) => {
      sight.current = window;
      for (const index of pagesOf(window, PAGE_SIZE)) {
        if (!pages.current.has(index) && !asked.current.has(index)) void read(index);
      }
    },
    [read],
  );

  const refresh = useCallback(() => {
    timer.current ??= window.setTimeout(() => {
      timer.current = undefined;
      const inSight = new Set([0, ...pagesOf(sight.current, PAGE_SIZE)]);
      for (const index of pages.current.keys()) if (!inSight.has(index)) pages.current.delete(index);
      for (const index of inSight) void read(index);
    }, REFRESH_MS);
  }, [read]);

  useEffect(() => {
    current.current = path;
    pages.current.clear();
    asked.current.clear();
    setTotal(undefined);
    void read(0);
    return () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [path, read]);

  useReconnected(refresh);

  const patch = useCallback((newer: (item: Item) => Item | undefined) => {
    for (const [index, items] of pages.current) {
      pages.current.set(
        index,
        items.map((item) => newer(item) ?? item),
      );
    }
    redraw((count) => count + 1);
  }, []);

  const item = (index: number) => pages.current.get(Math.floor(index / PAGE_SIZE))?.[index % PAGE_SIZE];
  const find = (is: (item: Item) => boolean) => {
    for (const [page, items] of pages.current) {
      const index = items.findIndex(is);
      if (index >= 0) return page * PAGE_SIZE + index;
    }
    return undefined;
  };
  return { total, error, item, find, show, refresh, patch };
}
