import type { StackInfo } from "../wire";
import { Pictures } from "./pictures";
import { useObject } from "./use-object";

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
  const { value: object, error } = useObject(bucket, name);
  return (
    <article>
      <h1>{name}</h1>
      {error !== undefined && (
        <p class="failure" role="alert">
          {error}
        </p>
      )}
      {object !== undefined && <Pictures stack={stack} source={object} renditions={[]} />}
    </article>
  );
}
