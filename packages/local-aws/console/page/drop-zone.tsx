import { useEffect, useRef, useState } from "preact/hooks";
import { type DroppedFile, filesOfDrop, filesOfInput, filesOfPaste } from "./drop-files";
import type { Uploads } from "./use-uploads";

/** Where pictures come in: dropped anywhere on the page, pasted, or chosen. */
export function DropZone({
  uploads,
  add,
}: {
  readonly uploads: Uploads;
  readonly add: (files: readonly DroppedFile[]) => void;
}) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  // Not among the attributes that HTML's types know.
  useEffect(() => folder.current?.setAttribute("webkitdirectory", ""), []);

  useEffect(() => {
    const drag = (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const drop = (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      if (event.dataTransfer !== null) void filesOfDrop(event.dataTransfer).then(add);
    };
    const paste = (event: ClipboardEvent) => add(filesOfPaste(event.clipboardData?.files ?? [], new Date()));
    addEventListener("dragover", drag);
    addEventListener("dragleave", leave);
    addEventListener("drop", drop);
    addEventListener("paste", paste);
    return () => {
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", leave);
      removeEventListener("drop", drop);
      removeEventListener("paste", paste);
    };
  }, [add]);

  const take = (input: HTMLInputElement) => {
    add(filesOfInput(input.files ?? []));
    // The same files may be chosen again.
    input.value = "";
  };
  const { sent, total, failures } = uploads;
  return (
    <section class={over ? "drop over" : "drop"} aria-label="Upload pictures">
      <p>
        <strong>Drop pictures here</strong>
        <span class="quiet"> or paste them</span>
      </p>
      <p class="buttons">
        <button type="button" class="plain" id="choose" onClick={() => files.current?.click()}>
          Choose files
        </button>
        <button type="button" class="plain" onClick={() => folder.current?.click()}>
          Choose a folder
        </button>
      </p>
      <input
        type="file"
        multiple
        hidden
        ref={files}
        aria-label="Pictures"
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        type="file"
        multiple
        hidden
        ref={folder}
        aria-label="A folder of pictures"
        onChange={(event) => take(event.currentTarget)}
      />
      {total > 0 && (
        <p class="progress">
          <progress max={total} value={sent} aria-label="Uploads" />
          <span class="quiet">{sent === total ? `${total - failures.length} uploaded` : `${sent} of ${total}`}</span>
        </p>
      )}
      {failures.map(({ key, message }) => (
        <p class="failure" key={key}>
          {key}: {message}
        </p>
      ))}
    </section>
  );
}
