import { useEffect, useState } from "preact/hooks";
import { Divider } from "./divider";
import { type SizedPicture, useCropPosition } from "./use-crop-position";

/** A picture to compare with another one. */
export interface ComparedPicture extends SizedPicture {
  readonly name: string;
}

const ZOOMS = [
  ["fit", "Fit"],
  ["1", "1:1"],
  ["2", "2:1"],
] as const;
type Zoom = (typeof ZOOMS)[number][0];

/** What of a whole and of a part may differ by rounding to whole pixels. */
const SAME_SHAPE = 0.015;

/** The original and a rendition over each other, and a line to draw between them. */
export function Comparison({ original, rendition }: ComparisonProps) {
  const [zoom, setZoom] = useState<Zoom>("fit");
  const [share, setShare] = useState(50);
  const [broken, setBroken] = useState(false);
  const cropped = isCropped(original, rendition);
  const position = useCropPosition(original, rendition, cropped && !broken);
  useEffect(() => setBroken(false), [original.href]);
  const scale = zoom === "fit" ? undefined : Number(zoom) / devicePixelRatio;
  const { width, height, name } = rendition;
  return (
    <figure class={`comparison zoom-${zoom}`}>
      <div class="comparison-bar">
        <fieldset class="segments">
          <legend class="unseen">Size of the picture</legend>
          {ZOOMS.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="zoom" value={value} checked={zoom === value} onChange={() => setZoom(value)} />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <span class="quiet">
          {broken
            ? "This browser cannot show the original."
            : cropped
              ? "The original is cut to the part that was kept."
              : ""}
        </span>
      </div>
      {/* A region that scrolls has to be reached by keys. */}
      <div
        class="comparison-window"
        {...(scale !== undefined && { tabIndex: 0, role: "group", "aria-label": "Picture" })}
      >
        <div
          class="comparison-sheet"
          style={
            scale === undefined
              ? {
                  aspectRatio: `${width} / ${height}`,
                  width: `min(100%, ${width / devicePixelRatio}px, ${(MAX_FIT_HEIGHT * width) / height}px)`,
                }
              : { width: `${width * scale}px`, height: `${height * scale}px` }
          }
        >
          <img src={rendition.href} alt={name} />
          {!broken && (
            <>
              <img
                class="comparison-original"
                src={original.href}
                alt={original.name}
                onError={() => setBroken(true)}
                style={{
                  clipPath: `inset(0 ${100 - share}% 0 0)`,
                  objectFit: cropped ? "cover" : "fill",
                  objectPosition: `${position.x * 100}% ${position.y * 100}%`,
                }}
              />
              <Divider share={share} setShare={setShare} name={name} anywhere={zoom === "fit"} />
            </>
          )}
        </div>
      </div>
    </figure>
  );
}

export interface ComparisonProps {
  readonly original: ComparedPicture;
  readonly rendition: ComparedPicture;
}

/** Pixels: more would leave no room for what is said of it. */
const MAX_FIT_HEIGHT = 480;

/** Whether a rendition has another shape than its original, so that a part is cut off. */
function isCropped(original: ComparedPicture, rendition: ComparedPicture): boolean {
  const shapes = (original.width * rendition.height) / (original.height * rendition.width);
  // One that is a pixel high has no shape to speak of.
  return Math.abs(Math.log(shapes)) > SAME_SHAPE + 1 / Math.min(rendition.width, rendition.height);
}
