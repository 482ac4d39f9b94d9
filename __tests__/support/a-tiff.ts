const [SHORT, LONG] = [3, 4];
const VALUE_BYTES = 4;

/** Tags of a TIFF by number; what they hold is SHORT. */
export type Tags = Readonly<Record<number, number | readonly number[]>>;

/** A little-endian TIFF, uncompressed unless its tags say so: one strip, or one for each plane. */
export function aTiff(width: number, height: number, data: Uint8Array, tags: Tags): Buffer {
  const planes = tags[284] === 2 ? Number(tags[277]) : 1;
  const perPlane = data.length / planes;
  const strips = Array.from({ length: planes }, (_, plane) => plane * perPlane);
  const sizes = { 256: width, 257: height, 273: strips, 278: height, 279: strips.map(() => perPlane) };
  // Numbers as keys come out in their order, as a directory wants them.
  const fields = Object.entries({ ...sizes, ...tags }).map(([tag, values]) => {
    return { tag: Number(tag), long: tag in sizes, values: [values].flat() };
  });
  const valuesAt = 8 + 2 + 12 * fields.length + 4;
  const bytesOf = ({ long, values }: { long: boolean; values: readonly number[] }) => values.length * (long ? 4 : 2);
  const outside = fields.map(bytesOf).filter((bytes) => bytes > VALUE_BYTES);
  const dataAt = outside.reduce((sum, bytes) => sum + bytes, valuesAt);

  const file = Buffer.alloc(dataAt);
  file.write("II*\0\x08\0\0\0", "latin1");
  file.writeUInt16LE(fields.length, 8);
  let free = valuesAt;
  for (const [index, field] of fields.entries()) {
    const entry = 10 + 12 * index;
    file.writeUInt16LE(field.tag, entry);
    file.writeUInt16LE(field.long ? LONG : SHORT, entry + 2);
    file.writeUInt32LE(field.values.length, entry + 4);
    const inline = bytesOf(field) <= VALUE_BYTES;
    if (!inline) file.writeUInt32LE(free, entry + 8);
    const at = inline ? entry + 8 : free;
    for (const [place, value] of field.values.entries()) {
      if (field.long) file.writeUInt32LE(field.tag === 273 ? dataAt + value : value, at + 4 * place);
      else file.writeUInt16LE(value, at + 2 * place);
    }
    if (!inline) free += bytesOf(field);
  }
  return Buffer.concat([file, data]);
}

/** The tags of 8-bit samples: what the colours are, how many samples there are, and what those beyond the colours mean. */
export function samples(photometric: number, count: number, extra?: readonly number[]): Tags {
  return {
    258: Array.from({ length: count }, () => 8),
    262: photometric,
    277: count,
    ...(extra && { 338: extra }),
  };
}
