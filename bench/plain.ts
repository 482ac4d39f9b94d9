import sharp from "sharp";
import { serve } from "./serve";

// What most people write: one pipeline per rendition, each from the source, with sharp's own defaults.
serve((bytes, presets) =>
  Promise.all(
    presets.map(({ width, height, format, quality }) => {
      const picture = sharp(bytes).autoOrient().resize({ width, height, fit: "inside", withoutEnlargement: true });
      const encoded =
        format === "source" ? picture : picture.toFormat(format, quality === undefined ? {} : { quality });
      return encoded.toBuffer();
    }),
  ),
);
