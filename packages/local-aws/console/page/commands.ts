/** What a key or a button may ask of another part of the page. */
export type Command = "next" | "previous" | "theme" | "shortcuts" | "choose-files" | "choose-folder";

const target = new EventTarget();

/** Asks for it; whoever listens does it. */
export function command(name: Command): void {
  target.dispatchEvent(new Event(name));
}

/** Does what is asked for, until the function that is returned is called. */
export function listenTo(name: Command, act: () => void): () => void {
  target.addEventListener(name, act);
  return () => target.removeEventListener(name, act);
}
