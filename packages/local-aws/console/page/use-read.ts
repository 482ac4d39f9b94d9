import { useEffect, useRef, useState } from "preact/hooks";
import type { Changes } from "../wire";
import { readApi } from "./server-api";
import { useChanges, useReconnected } from "./use-live";

/** Of what nobody tells: the counts of a Map run change with every child. */
const LOOK_AGAIN_MS = 1000;

/** What was read last, or why it could not be. */
export interface Read<Value> {
  readonly value?: Value;
  readonly error?: string;
}

/** When to read again. */
export interface Rereading<Value> {
  /** Whether it may be another after what was told. */
  readonly isChanged: (changes: Changes, value: Value | undefined) => boolean;
  /** Whether it changes without being told. */
  readonly movesOn?: (value: Value) => boolean;
}

/** What the server says under a path as it is now: read again when it changes, and when the server is there again. */
export function useRead<Value>(path: string | undefined, { isChanged, movesOn }: Rereading<Value>): Read<Value> {
  const [state, setState] = useState<Read<Value> & { readonly path?: string | undefined }>({});
  const current = useRef(path);
  const count = useRef({ asked: 0, shown: 0 });
  current.current = path;

  const read = () => {
    if (path === undefined) return;
    count.current.asked += 1;
    const number = count.current.asked;
    const show = (told: Read<Value>) => {
      // Neither what somebody looked at before, nor an older answer that took longer.
      if (path !== current.current || number < count.current.shown) return;
      count.current.shown = number;
      setState({ ...told, path });
    };
    readApi<Value>(path).then(
      (value) => show({ value }),
      (thrown: unknown) => show({ error: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
  };
  useEffect(read, [path]);
  useReconnected(read);
  const { value, error } = state.path === path ? state : {};
  useChanges((changes) => {
    if (isChanged(changes, value)) read();
  });
  const moves = value !== undefined && (movesOn?.(value) ?? false);
  useEffect(() => {
    if (!moves) return;
    const timer = setInterval(read, LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [moves, path]);
  return { ...(value !== undefined && { value }), ...(error !== undefined && { error }) };
}
