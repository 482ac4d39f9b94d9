import type { ComponentChildren } from "preact";
import { command } from "./commands";

/** Says that pictures can be dropped, and has buttons to choose them; `children` is how far they are. */
export function DropZone({ children }: { readonly children: ComponentChildren }) {
  return (
    <section class="drop" aria-label="Upload pictures">
      <p>
        <strong>Drop pictures here</strong>
        <span class="quiet"> or paste them</span>
      </p>
      <p class="buttons">
        <button type="button" class="plain" id="choose" onClick={() => command("choose-files")}>
          Choose files
        </button>
        <button type="button" class="plain" onClick={() => command("choose-folder")}>
          Choose a folder
        </button>
      </p>
      {children}
    </section>
  );
}
