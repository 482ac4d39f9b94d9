import { useEffect, useState } from "preact/hooks";
import type { StackInfo, StoredObject } from "../wire";
import { Pictures } from "./pictures";
import { readApi } from "./server-api";
import { useChanges } from "./use-live";

/** One object, as it is now. */
export function ObjectView({
  stack,
  bucket,
  name,
}: {
  readonly stack: StackInfo;
  readonly bucket: string;
  readonly name: string;
}) {
  const [object, setObject] = useState<StoredObject>();
  const [error, setError] = useState<string>();
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let over = false;
    const path = name.split("/").map(encodeURIComponent).join("/");
    readApi<StoredObject>(`/api/details/${encodeURIComponent(bucket)}/${path}`).then(
      (read) => {
        if (over) return;
        setObject(read);
        setError(undefined);
      },
      (thrown: unknown) => {
        if (!over) setError(thrown instanceof Error ? thrown.message : String(thrown));
      },
    );
    return () => {
      over = true;
    };
  }, [bucket, name, version]);
  useChanges(({ objects }) => {
    if (objects.some((one) => one.bucket === bucket && one.key === name)) setVersion((count) => count + 1);
  });
  return (
    <article>
      <h1>{name}</h1>
      {error !== undefined && <p class="failure">{error}</p>}
      {error === undefined && object !== undefined && <Pictures stack={stack} source={object} renditions={[]} />}
    </article>
  );
}
