import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { command, listenTo } from "./commands";
import type { Route } from "./route";
import { goTo } from "./use-route";

const SHORTCUTS = [
  ["j", "the next execution"],
  ["k", "the one before"],
  ["/", "search"],
  ["u", "choose files to upload"],
  ["1 … 5", "executions, buckets, workshop, Map runs, log"],
  ["t", "light, dark, or as the system has it"],
  ["?", "this list"],
  ["Esc", "close this list, leave a field"],
] as const;

const VIEWS: Readonly<Record<string, Route["view"]>> = {
  1: "executions",
  2: "buckets",
  3: "workshop",
  4: "map-runs",
  5: "log",
};

/** All that a key does by itself, and the list of it. */
export function Shortcuts() {
  const dialog = useRef<HTMLDialogElement>(null);
  const [on, setOn] = useState(() => localStorage.getItem("shortcuts") !== "off");
  const newest = useRef(on);
  newest.current = on;
  // Who switches it off and leaves at once has switched it off.
  useLayoutEffect(() => localStorage.setItem("shortcuts", on ? "on" : "off"), [on]);
  useLayoutEffect(() => {
    const open = () => dialog.current?.showModal();
    const press = (event: KeyboardEvent) => {
      // Behind the list nothing happens, and Escape closes it by itself.
      if (event.ctrlKey || event.metaKey || event.altKey || dialog.current?.open) return;
      if (isField(event.target)) {
        if (event.key === "Escape") event.target.blur();
        return;
      }
      if (newest.current && act(event.key, open)) event.preventDefault();
    };
    addEventListener("keydown", press);
    const forget = listenTo("shortcuts", open);
    return () => {
      removeEventListener("keydown", press);
      forget();
    };
  }, []);
  return (
    <dialog ref={dialog} aria-labelledby="shortcuts-title">
      <h2 id="shortcuts-title">Keyboard</h2>
      <dl class="shortcuts">
        {SHORTCUTS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      {/* Who speaks to the machine would press them with each word: https://www.w3.org/TR/WCAG21/#character-key-shortcuts */}
      <label class="toggle">
        <input type="checkbox" checked={on} onChange={(event) => setOn(event.currentTarget.checked)} />
        <span>Single keys do this</span>
      </label>
      <button type="button" class="plain" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}

/** Whether the key did something. */
function act(key: string, openList: () => void): boolean {
  const view = VIEWS[key];
  if (view !== undefined) goTo({ view });
  else if (key === "j" || key === "k") command(key === "j" ? "next" : "previous");
  else if (key === "/") document.getElementById("search")?.focus();
  else if (key === "u") command("choose-files");
  else if (key === "t") command("theme");
  else if (key === "?") openList();
  else return false;
  return true;
}

function isField(target: EventTarget | null): target is HTMLElement {
  return (
    target instanceof HTMLInputElement || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement
  );
}
