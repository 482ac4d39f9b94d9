import { keyPath } from "../key-path";
import type { StoredObject } from "../wire";
import { type Read, useRead } from "./use-read";

/** An object as it is now, as long as a key is given. */
export function useObject(bucket: string, key: string | undefined): Read<StoredObject> {
  const path = key === undefined ? undefined : `/api/details/${encodeURIComponent(bucket)}/${keyPath(key)}`;
  return useRead(path, {
    isChanged: ({ objects }) => objects.some((one) => one.bucket === bucket && one.key === key),
  });
}
