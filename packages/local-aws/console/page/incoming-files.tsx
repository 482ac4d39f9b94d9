import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { listenTo } from "./commands";
import { type DroppedFile, filesOfDrop, filesOfInput, filesOfPaste } from "./drop-files";

/** Takes what is dropped or pasted anywhere on the page, or chosen for the commands that ask for it. */
export function IncomingFiles({ add }: { readonly add: (files: readonly DroppedFile[]) => void }) {
  const [over, setOver] = useState(false);
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  useLayoutEffect(() => {
    // Not among the attributes that HTML's types know.
    folder.current?.setAttribute("webkitdirectory", "");
    const forget = [
      listenTo("choose-files", () => files.current?.click()),
      listenTo("choose-folder", () => folder.current?.click()),
    ];
    return () => {
      for (const one of forget) one();
    };
  }, []);

  useLayoutEffect(() => {
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
  return (
    <div hidden class={over ? "incoming over" : "incoming"}>
      <input type="file" multiple ref={files} aria-label="Pictures" onChange={(event) => take(event.currentTarget)} />
      <input
        type="file"
        multiple
        ref={folder}
        aria-label="A folder of pictures"
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}
