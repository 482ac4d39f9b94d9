import { useCallback, useRef, useState } from "preact/hooks";
import type { DroppedFile } from "./drop-files";
import { uploadFile } from "./server-api";

const AT_ONCE = 4;

/** How far the uploads of this page are. */
export interface Uploads {
  readonly sent: number;
  readonly total: number;
  readonly failures: readonly { readonly key: string; readonly message: string }[];
  /** Keys of the last ones that arrived, the newest first. */
  readonly last: readonly string[];
}

const NONE: Uploads = { sent: 0, total: 0, failures: [], last: [] };
const KEPT_KEYS = 20;

/** Uploads files, a few at once. */
export function useUploads(bucket: string | undefined): {
  readonly uploads: Uploads;
  readonly add: (files: readonly DroppedFile[]) => void;
} {
  const [uploads, setUploads] = useState(NONE);
  const queue = useRef<DroppedFile[]>([]);
  const running = useRef(0);

  const work = useCallback(async () => {
    running.current += 1;
    for (let next = queue.current.shift(); next !== undefined; next = queue.current.shift()) {
      const { key, file } = next;
      try {
        if (bucket === undefined) throw new Error("The stack has no output original_bucket_name");
        await uploadFile(bucket, key, file);
        setUploads((now) => ({ ...now, sent: now.sent + 1, last: [key, ...now.last].slice(0, KEPT_KEYS) }));
      } catch (thrown) {
        const message = thrown instanceof Error ? thrown.message : String(thrown);
        setUploads((now) => ({ ...now, sent: now.sent + 1, failures: [...now.failures, { key, message }] }));
      }
    }
    running.current -= 1;
  }, [bucket]);

  const add = useCallback(
    (files: readonly DroppedFile[]) => {
      if (files.length === 0) return;
      queue.current.push(...files);
      setUploads((now) =>
        now.sent === now.total ? { ...NONE, total: files.length } : { ...now, total: now.total + files.length },
      );
      // Each takes a file before it waits for anything.
      while (running.current < AT_ONCE && queue.current.length > 0) void work();
    },
    [work],
  );
  return { uploads, add };
}
