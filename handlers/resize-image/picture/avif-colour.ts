import { codedColourSpace } from "./coding-points";
import type { ColourSpace } from "./colour-space";
import { bodyOf, boxesIn, FULL_BOX_BYTES } from "./iso-boxes";

const NCLX_BYTES = 8;

/**
 * The colour space that an AVIF tells by numbers (a box colr of type nclx of its picture); undefined when it has none.
 * @throws Refusal UnsupportedFormat for high dynamic range
 */
export function avifColourSpace(avif: Buffer): ColourSpace | undefined {
  const meta = boxesIn(bodyOf(boxesIn(avif), "meta")?.subarray(FULL_BOX_BYTES) ?? Buffer.alloc(0));
  const properties = boxesIn(bodyOf(meta, "iprp") ?? Buffer.alloc(0));
  const all = boxesIn(bodyOf(properties, "ipco") ?? Buffer.alloc(0));
  const own = propertiesOf(primaryItem(bodyOf(meta, "pitm")), bodyOf(properties, "ipma"));
  const nclx = own
    .map((number) => all[number - 1])
    .find(
      (box) => box?.name === "colr" && box.body.toString("latin1", 0, 4) === "nclx" && box.body.length >= NCLX_BYTES,
    );
  return nclx && codedColourSpace(nclx.body.readUInt16BE(4), nclx.body.readUInt16BE(6));
}

function primaryItem(pitm: Buffer | undefined): number | undefined {
  if (!pitm || pitm.length < 6) return undefined;
  return pitm[0] === 0 || pitm.length < 8 ? pitm.readUInt16BE(4) : pitm.readUInt32BE(4);
}

/** The numbers, from 1, of an item's properties: ISO/IEC 23008-12 (9.3.1). */
function propertiesOf(item: number | undefined, ipma: Buffer | undefined): number[] {
  if (!ipma || item === undefined) return [];
  try {
    const [longItems, longProperties] = [ipma.readUInt8(0) > 0, (ipma.readUInt8(3) & 1) === 1];
    let at = 8;
    for (let entry = 0; entry < ipma.readUInt32BE(4); entry++) {
      const id = longItems ? ipma.readUInt32BE(at) : ipma.readUInt16BE(at);
      at += longItems ? 4 : 2;
      const count = ipma.readUInt8(at++);
      const size = longProperties ? 2 : 1;
      if (id === item) {
        return Array.from({ length: count }, (_, index) => {
          // The highest bit says whether a reader has to understand the property.
          return longProperties ? ipma.readUInt16BE(at + 2 * index) & 0x7fff : ipma.readUInt8(at + index) & 0x7f;
        });
      }
      at += count * size;
    }
  } catch {
    // A Buffer refuses to be read past its end: the box is damaged.
  }
  return [];
}
