const [SHORT, LONG, UNDEFINED] = [3, 4, 7];
const VALUE_BYTES = 4;

/** Tags of a TIFF by number: numbers are SHORT, bytes UNDEFINED. */
export type Tags = Readonly<Record<number, number | readonly number[] | Buffer>>;

interface Field {
  readonly tag: number;
  readonly type: number;
  readonly count: number;
  readonly bytes: Buffer;
}

function fieldOf(tag: number, value: number | readonly number[] | Buffer, type: number): Field {
  if (Buffer.isBuffer(value)) return { tag, type: UNDEFINED, count: value.length, bytes: value };
  const values = [value].flat();
  const size = type === LONG ? 4 : 2;
  const bytes = Buffer.alloc(Math.max(VALUE_BYTES, values.length * size));
  for (const [index, number] of values.entries()) bytes.writeUIntLE(number, index * size, size);
  return { tag, type, count: values.length, bytes };
}

/** A little-endian TIFF, uncompressed unless its tags say so: one strip, or one for each plane. */
export function aTiff(width: number, height: number, data: Uint8Array, tags: Tags): Buffer {
  const planes = tags[284] === 2 ? Number(tags[277]) : 1;
  const perPlane = data.length / planes;
  const strips = Array.from({ length: planes }, (_, plane) => plane * perPlane);
  const layout = (dataAt: number): Field[] => {
    const sizes: Tags = {
      256: width,
      257: height,
      273: strips.map((strip) => dataAt + strip),
      278: height,
      279: strips.map(() => perPlane),
    };
    // Numbers as keys come out in their order, as a directory wants them.
    return Object.entries({ ...sizes, ...tags }).map(([tag, value]) => {
      return fieldOf(Number(tag), value, tag in sizes ? LONG : SHORT);
    });
  };
  const directoryEnd = 8 + 2 + 12 * layout(0).length + 4;
  const outside = ({ bytes }: Field) => bytes.length > VALUE_BYTES;
  const dataAt = layout(0)
    .filter(outside)
    .reduce((sum, { bytes }) => sum + bytes.length, directoryEnd);

  const fields = layout(dataAt);
  const head = Buffer.alloc(directoryEnd);
  head.write("II*\0\x08\0\0\0", "latin1");
  head.writeUInt16LE(fields.length, 8);
  let valuesAt = directoryEnd;
  for (const [index, field] of fields.entries()) {
    const entry = 10 + 12 * index;
    head.writeUInt16LE(field.tag, entry);
    head.writeUInt16LE(field.type, entry + 2);
    head.writeUInt32LE(field.count, entry + 4);
    if (outside(field)) head.writeUInt32LE(valuesAt, entry + 8);
    else field.bytes.copy(head, entry + 8);
    if (outside(field)) valuesAt += field.bytes.length;
  }
  return Buffer.concat([head, ...fields.filter(outside).map(({ bytes }) => bytes), data]);
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

/** The same TIFF, with samples of 16 bits in one strip, in the other order of bytes. */
export function inBigEndian(tiff: Buffer): Buffer {
  const copy = Buffer.from(tiff);
  const directory = tiff.readUInt32LE(4);
  const entries = tiff.readUInt16LE(directory);
  copy.write("MM\0*", "latin1");
  copy.subarray(4, 8).swap32();
  copy.subarray(directory, directory + 2).swap16();
  for (let at = directory + 2; at < directory + 2 + 12 * entries; at += 12) {
    const [tag, type, count] = [tiff.readUInt16LE(at), tiff.readUInt16LE(at + 2), tiff.readUInt32LE(at + 4)];
    const bytes = count * (type === LONG ? 4 : 2);
    const values = bytes > VALUE_BYTES ? tiff.readUInt32LE(at + 8) : at + 8;
    copy.subarray(at, at + 4).swap16();
    copy.subarray(at + 4, at + 8).swap32();
    if (type === LONG) copy.subarray(values, values + bytes).swap32();
    else if (type === SHORT) copy.subarray(values, values + bytes).swap16();
    if (bytes > VALUE_BYTES) copy.subarray(at + 8, at + 12).swap32();
    if (tag === 273) {
      const samples = tiff.readUInt32LE(at + 8);
      copy.subarray(samples).swap16();
    }
  }
  return copy;
}
