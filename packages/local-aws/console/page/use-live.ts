import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Changes } from "../wire";

type Listener = (changes: Changes) => void;

const listeners = new Set<Listener>();
const connection = { open: false, told: new Set<(open: boolean) => void>() };
const again = new Set<() => void>();

/** Listens to the server for as long as the page is there. The browser connects again by itself. */
export function listenToServer(): void {
  const source = new EventSource("/api/events");
  const tell = (open: boolean) => {
    connection.open = open;
    for (const listener of connection.told) listener(open);
  };
  let opened = false;
  source.addEventListener("open", () => {
    tell(true);
    // What has changed meanwhile, nobody told.
    if (opened) for (const listener of again) listener();
    opened = true;
  });
  source.addEventListener("error", () => tell(false));
  source.addEventListener("message", ({ data }) => {
    const changes: Changes = JSON.parse(data);
    for (const listener of listeners) listener(changes);
  });
}

/** Calls the newest `listener` with all that changes. */
export function useChanges(listener: Listener): void {
  const newest = useRef(listener);
  newest.current = listener;
  useLayoutEffect(() => {
    const call: Listener = (changes) => newest.current(changes);
    listeners.add(call);
    return () => void listeners.delete(call);
  }, []);
}

/** Calls the newest `listener` when the server is there again: everything may be another. */
export function useReconnected(listener: () => void): void {
  const newest = useRef(listener);
  newest.current = listener;
  useLayoutEffect(() => {
    const call = () => newest.current();
    again.add(call);
    return () => void again.delete(call);
  }, []);
}

/** Whether the server is there. */
export function useConnected(): boolean {
  const [open, setOpen] = useState(connection.open);
  useLayoutEffect(() => {
    connection.told.add(setOpen);
    // It may have opened since the first drawing.
    setOpen(connection.open);
    return () => void connection.told.delete(setOpen);
  }, []);
  return open;
}
