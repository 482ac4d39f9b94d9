import { useLayoutEffect, useRef } from "preact/hooks";
import { nextShare, within } from "./next-share";

/** The line between the two. Where nothing scrolls, the whole picture may be pressed. */
export function Divider({
  share,
  setShare,
  name,
  anywhere,
}: {
  readonly share: number;
  readonly setShare: (share: number) => void;
  readonly name: string;
  readonly anywhere: boolean;
}) {
  const handle = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const slider = handle.current;
    const sheet = slider?.parentElement;
    if (slider === null || !(sheet instanceof HTMLElement)) return;
    const target = anywhere ? sheet : slider;
    const follow = ({ clientX }: PointerEvent) => {
      const { left, width } = sheet.getBoundingClientRect();
      setShare(within((100 * (clientX - left)) / width));
    };
    const move = (event: PointerEvent) => {
      if (target.hasPointerCapture(event.pointerId)) follow(event);
    };
    const press = (event: PointerEvent) => {
      if (event.button !== 0) return;
      // Or the browser would drag the picture itself.
      event.preventDefault();
      target.setPointerCapture(event.pointerId);
      slider.focus({ preventScroll: true });
      if (anywhere) follow(event);
    };
    target.classList.add("draggable");
    target.addEventListener("pointerdown", press);
    target.addEventListener("pointermove", move);
    return () => {
      target.classList.remove("draggable");
      target.removeEventListener("pointerdown", press);
      target.removeEventListener("pointermove", move);
    };
  }, [anywhere, setShare]);
  const press = (event: KeyboardEvent) => {
    const next = nextShare(share, event.key);
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setShare(next);
  };
  const shown = Math.round(share);
  return (
    <div
      ref={handle}
      class="comparison-divider"
      style={{ left: `${share}%` }}
      role="slider"
      tabIndex={0}
      aria-label="Share of the original"
      aria-orientation="horizontal"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={shown}
      aria-valuetext={`${shown} % original, ${100 - shown} % ${name}`}
      onKeyDown={press}
    >
      <span class="comparison-name before">original</span>
      <span class="comparison-name after">{name}</span>
      <span class="comparison-knob">
        <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
          <path d="M9 7l-5 5 5 5M15 7l5 5-5 5" />
        </svg>
      </span>
    </div>
  );
}
