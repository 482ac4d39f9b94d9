/** A tag of a directory: what its values are, how many, and where they begin. */
interface Field {
  readonly type: number;
  readonly count: number;
  readonly at: number;
}

// https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf (section 2), https://libtiff.gitlab.io/libtiff/specification/bigtiff.html
const CLASSIC = 42;
const BIG = 43;
const [BYTE, ASCII, SHORT, LONG, UNDEFINED, LONG8, UTF8] = [1, 2, 3, 4, 7, 16, 129];
const VALUE_BYTES: ReadonlyMap<number, number> = new Map([
  [BYTE, 1],
  [ASCII, 1],
  [SHORT, 2],
  [LONG, 4],
  [UNDEFINED, 1],
  [LONG8, 8],
  // EXIF 3.0 (CIPA DC-008-2023, 4.6.2)
  [UTF8, 1],
]);

// Places of tiles, tables of a camera: more are no picture that is served.
const MAX_VALUES = 1_000_000;

/** The first directory of a TIFF file, or of an EXIF block, which is one: tags by number. */
export class TiffDirectory {
  private constructor(
    private readonly tiff: Buffer,
    private readonly view: DataView,
    readonly littleEndian: boolean,
    private readonly fields: ReadonlyMap<number, Field>,
  ) {}

  /** Reads it; undefined when the file is none, or its directory does not lie within it. */
  static first(tiff: Buffer): TiffDirectory | undefined {
    const order = tiff.toString("latin1", 0, 2);
    if (order !== "II" && order !== "MM") return undefined;
    const littleEndian = order === "II";
    const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
    try {
      const magic = view.getUint16(2, littleEndian);
      if (magic !== CLASSIC && magic !== BIG) return undefined;
      return new TiffDirectory(tiff, view, littleEndian, readFields(view, littleEndian, magic === BIG));
    } catch {
      return undefined; // A DataView refuses to read past its end.
    }
  }

  has(tag: number): boolean {
    return this.fields.has(tag);
  }

  /** Whether the values of a tag lie within the file, if it is there. */
  isWhole(tag: number): boolean {
    const field = this.fields.get(tag);
    return !field || this.holds(field);
  }

  /** The whole numbers of a tag; undefined when it is absent, of another type, or does not lie within the file. */
  numbers(tag: number): number[] | undefined {
    const field = this.fields.get(tag);
    if (!field || field.count > MAX_VALUES || !this.holds(field)) return undefined;
    const read = (at: number) => {
      switch (field.type) {
        case BYTE:
          return this.view.getUint8(at);
        case SHORT:
          return this.view.getUint16(at, this.littleEndian);
        case LONG:
          return this.view.getUint32(at, this.littleEndian);
        case LONG8:
          return Number(this.view.getBigUint64(at, this.littleEndian));
        default:
          return undefined;
      }
    };
    const size = VALUE_BYTES.get(field.type) ?? 1;
    const values = Array.from({ length: field.count }, (_, index) => read(field.at + index * size));
    return values.every((value) => value !== undefined) ? values : undefined;
  }

  /** The bytes of a tag that is text; undefined when it is absent, of another type, or does not lie within the file. */
  text(tag: number): Buffer | undefined {
    const field = this.fields.get(tag);
    if (!field || (field.type !== ASCII && field.type !== UTF8) || !this.holds(field)) return undefined;
    return this.tiff.subarray(field.at, field.at + field.count);
  }

  private holds({ type, count, at }: Field): boolean {
    return at + count * (VALUE_BYTES.get(type) ?? Number.POSITIVE_INFINITY) <= this.tiff.length;
  }
}

function readFields(view: DataView, littleEndian: boolean, big: boolean): Map<number, Field> {
  const long = (at: number) => Number(big ? view.getBigUint64(at, littleEndian) : view.getUint32(at, littleEndian));
  const wordBytes = big ? 8 : 4;
  const directory = long(big ? 8 : 4);
  const count = big ? long(directory) : view.getUint16(directory, littleEndian);
  const entryBytes = 4 + 2 * wordBytes;
  const fields = new Map<number, Field>();
  for (let index = 0; index < count; index++) {
    const entry = directory + (big ? 8 : 2) + index * entryBytes;
    const [tag, type] = [view.getUint16(entry, littleEndian), view.getUint16(entry + 2, littleEndian)];
    const values = long(entry + 4);
    const inline = entry + 4 + wordBytes;
    const at = values * (VALUE_BYTES.get(type) ?? 1) <= wordBytes ? inline : long(inline);
    // Of a tag that is there twice, the first counts, as it does for libtiff.
    if (!fields.has(tag)) fields.set(tag, { type, count: values, at });
  }
  return fields;
}

/** A tag with text, which ends with a NUL. */
export interface TextField {
  readonly tag: number;
  readonly bytes: Buffer;
}

/** A tag with whole numbers. */
export interface NumberField {
  readonly tag: number;
  readonly values: readonly number[];
}

interface WrittenField extends TextField {
  readonly type: number;
  readonly count: number;
}

const ENTRY_BYTES = 12;
const INLINE_BYTES = 4;

/**
 * A directory in classic little-endian TIFF that begins at `offset` of its file: `entries` of 12 bytes as they are, and
 * fields of text, whose values follow the directory. No other directory comes after it.
 */
export function writeDirectory(entries: readonly Buffer[], fields: readonly TextField[], offset: number): Buffer {
  const texts = fields.map((field) => ({ ...field, type: ASCII, count: field.bytes.length }));
  return writeFields(entries, texts, offset);
}

/** A directory of numbers alone, each tag's in as few bytes as they need. */
export function writeNumbers(fields: readonly NumberField[], offset: number): Buffer {
  const written = fields.map(({ tag, values }) => {
    const long = values.some((value) => value > 0xffff);
    const bytes = Buffer.alloc(values.length * (long ? 4 : 2));
    for (const [index, value] of values.entries()) {
      if (long) bytes.writeUInt32LE(value, 4 * index);
      else bytes.writeUInt16LE(value, 2 * index);
    }
    return { tag, type: long ? LONG : SHORT, count: values.length, bytes };
  });
  return writeFields([], written, offset);
}

function writeFields(entries: readonly Buffer[], fields: readonly WrittenField[], offset: number): Buffer {
  const count = entries.length + fields.length;
  const values: Buffer[] = [];
  let end = offset + 2 + count * ENTRY_BYTES + 4;
  const written = fields.map(({ tag, type, count, bytes }) => {
    const entry = Buffer.alloc(ENTRY_BYTES);
    entry.writeUInt16LE(tag, 0);
    entry.writeUInt16LE(type, 2);
    entry.writeUInt32LE(count, 4);
    if (bytes.length <= INLINE_BYTES) {
      bytes.copy(entry, 8);
    } else {
      entry.writeUInt32LE(end, 8);
      values.push(bytes);
      end += bytes.length;
    }
    return entry;
  });
  const sorted = [...entries, ...written].sort((one, other) => one.readUInt16LE(0) - other.readUInt16LE(0));
  const head = Buffer.alloc(2);
  head.writeUInt16LE(count);
  return Buffer.concat([head, ...sorted, Buffer.alloc(4), ...values]);
}
