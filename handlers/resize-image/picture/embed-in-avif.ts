import { type Box, bodyOf, box, boxesIn, FULL_BOX_BYTES } from "./iso-boxes";

// Boxes: ISO/IEC 14496-12 (8.11); how EXIF lies in them: ISO/IEC 23008-12 (A.2.1).

const BOX_HEAD_BYTES = 8;

/** An AVIF with an EXIF block as one more item. Its boxes have to be those that libheif writes. */
export function embedInAvif(file: Buffer, exif: Buffer): Buffer {
  const boxes = boxesIn(file);
  const meta = child(boxes, "meta");
  const children = boxesIn(meta.subarray(FULL_BOX_BYTES));
  // The EXIF specification's prefix is not written: its length, 0, stands before the block.
  const payload = box("mdat", Buffer.concat([Buffer.alloc(4), exif]));
  const item = 1 + Math.max(...itemsOf(child(children, "iloc")).map(({ id }) => id));

  const withLocations = (shift: number, at: number) => {
    const location = { id: item, at, length: payload.length - BOX_HEAD_BYTES };
    const changed = new Map([
      ["iinf", addInfo(child(children, "iinf"), item)],
      [
        "iloc",
        writeLocations([...itemsOf(child(children, "iloc")).map((old) => ({ ...old, at: old.at + shift })), location]),
      ],
      ["iref", addReference(bodyOf(children, "iref"), item, primaryItem(children))],
    ]);
    const kept = children.map(({ name, body }) => box(name, changed.get(name) ?? body));
    const added = children.some(({ name }) => name === "iref")
      ? []
      : [box("iref", changed.get("iref") ?? Buffer.alloc(0))];
    return box("meta", Buffer.concat([meta.subarray(0, FULL_BOX_BYTES), ...kept, ...added]));
  };
  // Every place in the file moves by as much as this box grows, and how much that is does not depend on the places.
  const shift = withLocations(0, 0).length - (meta.length + BOX_HEAD_BYTES);
  const grown = withLocations(shift, file.length + shift + BOX_HEAD_BYTES);
  return Buffer.concat([...boxes.map(({ name, body }) => (name === "meta" ? grown : box(name, body))), payload]);
}

function child(children: readonly Box[], name: string): Buffer {
  const body = bodyOf(children, name);
  if (!body) throw new Error(`Expected sharp to write an AVIF with a box ${name}`);
  return body;
}

interface Location {
  readonly id: number;
  readonly at: number;
  readonly length: number;
}

const LOCATION_SIZES = 0x4440; // Offset, length and base offset of 4 bytes each, as libheif writes them.

function itemsOf(iloc: Buffer): Location[] {
  if (iloc.readUInt8(0) !== 0 || iloc.readUInt16BE(4) !== LOCATION_SIZES) {
    throw new Error("Expected sharp to write an AVIF with item locations of version 0 and 4 bytes");
  }
  const items: Location[] = [];
  for (let at = 8; items.length < iloc.readUInt16BE(6); at += 18) {
    if (iloc.readUInt16BE(at + 8) !== 1) throw new Error("Expected sharp to write an AVIF with items of one extent");
    const start = iloc.readUInt32BE(at + 4) + iloc.readUInt32BE(at + 10);
    items.push({ id: iloc.readUInt16BE(at), at: start, length: iloc.readUInt32BE(at + 14) });
  }
  return items;
}

function writeLocations(items: readonly Location[]): Buffer {
  const iloc = Buffer.alloc(8 + 18 * items.length);
  iloc.writeUInt16BE(LOCATION_SIZES, 4);
  iloc.writeUInt16BE(items.length, 6);
  for (const [index, { id, at, length }] of items.entries()) {
    const entry = 8 + 18 * index;
    iloc.writeUInt16BE(id, entry);
    iloc.writeUInt16BE(1, entry + 8);
    iloc.writeUInt32BE(at, entry + 10);
    iloc.writeUInt32BE(length, entry + 14);
  }
  return iloc;
}

function addInfo(iinf: Buffer, item: number): Buffer {
  const info = Buffer.from("\x02\0\0\x01\0\0\0\0Exif\0", "latin1"); // version 2, hidden
  info.writeUInt16BE(item, 4);
  const grown = Buffer.concat([iinf, box("infe", info)]);
  grown.writeUInt16BE(grown.readUInt16BE(4) + 1, 4);
  return grown;
}

function addReference(iref: Buffer | undefined, from: number, to: number): Buffer {
  const reference = Buffer.alloc(6);
  reference.writeUInt16BE(from, 0);
  reference.writeUInt16BE(1, 2);
  reference.writeUInt16BE(to, 4);
  return Buffer.concat([iref ?? Buffer.alloc(FULL_BOX_BYTES), box("cdsc", reference)]);
}

function primaryItem(children: readonly Box[]): number {
  return child(children, "pitm").readUInt16BE(FULL_BOX_BYTES);
}
