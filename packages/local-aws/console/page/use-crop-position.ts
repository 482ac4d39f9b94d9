import { useEffect, useState } from "preact/hooks";
import { cropPosition, type Greys } from "./crop-position";

/** A picture and its pixels. */
export interface SizedPicture {
  readonly href: string;
  readonly width: number;
  readonly height: number;
}

const CENTRE = { x: 0.5, y: 0.5 };
/** Pixels of the longer side of what is looked at to find the part. */
const LOOK_SIDE = 400;

/** Which part of the original was kept, found by looking: nobody says so where it is chosen by what is in the picture. */
export function useCropPosition(original: SizedPicture, rendition: SizedPicture, wanted: boolean) {
  const [position, setPosition] = useState(CENTRE);
  useEffect(() => {
    if (!wanted) return;
    let over = false;
    const scale = LOOK_SIDE / Math.max(rendition.width, rendition.height);
    const [width, height] = [Math.round(rendition.width * scale), Math.round(rendition.height * scale)];
    const cover = Math.max(width / original.width, height / original.height);
    Promise.all([
      greysOf(original.href, Math.round(original.width * cover), Math.round(original.height * cover)),
      greysOf(rendition.href, width, height),
    ]).then(
      ([whole, part]) => {
        if (!over) setPosition(cropPosition(whole, part));
      },
      // One that cannot be drawn is said to be so elsewhere.
      () => {},
    );
    return () => {
      over = true;
    };
  }, [original.href, rendition.href, wanted]);
  return wanted ? position : CENTRE;
}

async function greysOf(href: string, width: number, height: number): Promise<Greys> {
  const image = new Image();
  image.src = href;
  await image.decode();
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("Expected a canvas to draw on");
  context.drawImage(image, 0, 0, width, height);
  const { data } = context.getImageData(0, 0, width, height);
  const values = new Uint8Array(width * height);
  for (let index = 0; index < values.length; index++) {
    const at = index * 4;
    values[index] = ((data[at] ?? 0) + 2 * (data[at + 1] ?? 0) + (data[at + 2] ?? 0)) / 4;
  }
  return { width, height, values };
}
