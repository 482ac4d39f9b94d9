import sharp from "sharp";
import { serve } from "./serve";

// The least that renditions cost with sharp: one decode, to the size of the largest, then each of them alone.
serve(async (bytes, presets) => {
  const [width, height] = [presets.map((preset) => preset.width), presets.map((preset) => preset.height)];
  const inside = { fit: "inside", withoutEnlargement: true } as const;
  const largest = { width: Math.max(...width), height: Math.max(...height), ...inside };
  const { format: source } = await sharp(bytes).metadata();
  const { data, info } = await sharp(bytes).autoOrient().resize(largest).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const made: Buffer[] = [];
  for (const { width, height, format, quality } of presets) {
    const resized = sharp(data, { raw }).resize({ width, height, ...inside });
    made.push(
      await resized
        .toFormat(format === "source" ? source : format, quality === undefined ? {} : { quality })
        .toBuffer(),
    );
  }
  return made;
});
