import { deflateSync } from "node:zlib";
import { embedInAvif } from "../../handlers/resize-image/picture/embed-in-avif";
import type { ImageFormat } from "../../handlers/resize-image/picture/formats";
import { pngChunk, withChunks } from "./png-chunks";

/** What stands in every private place of a picture. */
export const SECRET = "PRIVATE-51.5N-0.1W";

/** The two tags that are public, as their bytes. */
export interface CreditBytes {
  readonly artist: Buffer;
  readonly copyright: Buffer;
  /** 2 is ASCII, 129 is UTF-8. @default 2 */
  readonly type?: number;
}

const [ARTIST, COPYRIGHT] = [0x013b, 0x8298];
const [MAKE, DESCRIPTION, EXIF, GPS, MAKER_NOTE, COMMENT] = [0x010f, 0x010e, 0x8769, 0x8825, 0x927c, 0x9286];
const [THUMBNAIL, THUMBNAIL_BYTES] = [0x0201, 0x0202];
const [XMP, IPTC, PHOTOSHOP] = [0x02bc, 0x83bb, 0x8649];
const [ASCII, LONG, UNDEFINED] = [2, 4, 7];

type Field = readonly [tag: number, type: number, value: Buffer | number];

/** A directory in little-endian TIFF at `offset`, its values behind it. */
function directory(fields: readonly Field[], offset: number, next = 0): Buffer {
  const sorted = [...fields].sort(([one], [other]) => one - other);
  const head = Buffer.alloc(2 + 12 * sorted.length + 4);
  head.writeUInt16LE(sorted.length);
  head.writeUInt32LE(next, head.length - 4);
  const values: Buffer[] = [head];
  for (const [index, [tag, type, value]] of sorted.entries()) {
    const at = 2 + 12 * index;
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(typeof value === "number" ? 1 : value.length, at + 4);
    if (typeof value === "number") head.writeUInt32LE(value, at + 8);
    else if (value.length <= 4) value.copy(head, at + 8);
    else {
      head.writeUInt32LE(offset + values.reduce((sum, { length }) => sum + length, 0), at + 8);
      values.push(value);
    }
  }
  return Buffer.concat(values);
}

const secret = Buffer.from(`${SECRET}\0`);

function publicFields({ artist, copyright, type = ASCII }: CreditBytes): Field[] {
  return [
    [ARTIST, type, artist],
    [COPYRIGHT, type, copyright],
  ];
}

/** An EXIF block with everything a camera writes, a thumbnail too; all but the credits is secret. */
export function cameraExif(credits: CreditBytes): Buffer {
  const thumbnail = Buffer.from(`\xff\xd8\xff\xdb${SECRET}\xff\xd9`, "latin1");
  const parts: Buffer[] = [Buffer.from("II*\0\x08\0\0\0", "latin1")];
  const end = () => parts.reduce((sum, { length }) => sum + length, 0);
  const own = (pointers: readonly Field[], next: number) =>
    directory([[MAKE, ASCII, secret], [DESCRIPTION, ASCII, secret], ...publicFields(credits), ...pointers], 8, next);
  const size = own(
    [
      [EXIF, LONG, 0],
      [GPS, LONG, 0],
    ],
    0,
  ).length;
  const camera = directory(
    [
      [MAKER_NOTE, UNDEFINED, secret],
      [COMMENT, UNDEFINED, secret],
    ],
    8 + size,
  );
  const place = directory(
    [
      [1, ASCII, Buffer.from("N\0")],
      [0x1d, ASCII, secret],
    ],
    8 + size + camera.length,
  );
  const first = 8 + size + camera.length + place.length;
  const small = directory(
    [
      [THUMBNAIL, LONG, first + 30],
      [THUMBNAIL_BYTES, LONG, thumbnail.length],
    ],
    first,
  );
  parts.push(
    own(
      [
        [EXIF, LONG, 8 + size],
        [GPS, LONG, 8 + size + camera.length],
      ],
      first,
    ),
    camera,
    place,
    small,
  );
  if (end() !== first + 30) throw new Error("Expected the thumbnail behind its directory");
  return Buffer.concat([...parts, thumbnail]);
}

const XMP_PACKET = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>${SECRET}</rdf:RDF></x:xmpmeta>`;

/** A picture that sharp made without metadata, with a secret in every place its format has for one. */
export function withSecrets(bare: Buffer, format: ImageFormat, credits: CreditBytes): Buffer {
  const exif = cameraExif(credits);
  switch (format) {
    case "jpeg":
      return jpegWith(bare, exif);
    case "png":
      return pngWith(bare, exif);
    case "webp":
      return webpWith(bare, exif);
    case "avif":
      return Buffer.concat([embedInAvif(bare, exif), isoBox("free", secret)]);
    case "gif":
      return gifWith(bare);
    case "tiff":
      return tiffWith(bare, credits);
  }
}

function jpegWith(bare: Buffer, exif: Buffer): Buffer {
  const segment = (marker: number, ...data: (Buffer | string)[]) => {
    const body = Buffer.concat(data.map((part) => (typeof part === "string" ? Buffer.from(part, "latin1") : part)));
    const head = Buffer.from([0xff, marker, 0, 0]);
    head.writeUInt16BE(body.length + 2, 2);
    return Buffer.concat([head, body]);
  };
  return Buffer.concat([
    bare.subarray(0, 2),
    segment(0xe1, "Exif\0\0", exif),
    segment(0xe1, "http://ns.adobe.com/xap/1.0/\0", XMP_PACKET),
    segment(0xed, "Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x17\x1c\x02\x78\0\x12", SECRET, "\0"),
    segment(0xe5, SECRET),
    segment(0xfe, SECRET),
    bare.subarray(2),
    secret,
  ]);
}

function pngWith(bare: Buffer, exif: Buffer): Buffer {
  const text = (...parts: (Buffer | string)[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const chunks = [
    pngChunk("eXIf", exif),
    pngChunk("tEXt", text(`Comment\0${SECRET}`)),
    pngChunk("zTXt", text("Title\0\0", deflateSync(secret))),
    pngChunk("iTXt", text(`XML:com.adobe.xmp\0\0\0\0\0${XMP_PACKET}`)),
    pngChunk("prVt", secret),
  ];
  return Buffer.concat([withChunks(bare, ...chunks), secret]);
}

function webpWith(bare: Buffer, exif: Buffer): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const head = Buffer.from(`${name}\0\0\0\0`, "latin1");
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  if (bare.toString("latin1", 12, 16) !== "VP8X") throw new Error("Expected an extended WebP");
  const chunks = [
    bare.subarray(12),
    chunk("EXIF", exif),
    chunk("XMP ", Buffer.from(XMP_PACKET)),
    chunk("prVt", secret),
  ];
  const body = Buffer.concat(chunks);
  body.writeUInt8(body.readUInt8(8) | 0x0c, 8);
  const head = Buffer.from(bare.subarray(0, 12));
  head.writeUInt32LE(body.length + 4, 4);
  return Buffer.concat([head, body, secret]);
}

function isoBox(name: string, body: Buffer): Buffer {
  const head = Buffer.from(`\0\0\0\0${name}`, "latin1");
  head.writeUInt32BE(body.length + 8);
  return Buffer.concat([head, body]);
}

function gifWith(bare: Buffer): Buffer {
  const tableBytes = (bare.readUInt8(10) & 0x80) === 0 ? 0 : 3 * 2 ** ((bare.readUInt8(10) & 7) + 1);
  const comment = Buffer.from(`\x21\xfe${String.fromCharCode(SECRET.length)}${SECRET}\0`, "latin1");
  return Buffer.concat([bare.subarray(0, 13 + tableBytes), comment, bare.subarray(13 + tableBytes), secret]);
}

function tiffWith(bare: Buffer, credits: CreditBytes): Buffer {
  const old = bare.readUInt32LE(4);
  const kept = Array.from({ length: bare.readUInt16LE(old) }, (_, index) => {
    return bare.subarray(old + 2 + 12 * index, old + 14 + 12 * index);
  });
  const place = bare.length + (bare.length % 2);
  const added: Field[] = [
    [MAKE, ASCII, secret],
    [DESCRIPTION, ASCII, secret],
    [XMP, 1, Buffer.from(XMP_PACKET)],
    [IPTC, UNDEFINED, secret],
    [PHOTOSHOP, UNDEFINED, secret],
    ...publicFields(credits),
  ];
  // The values lie where they do in a directory of the added fields alone; the one that is used has the old ones too.
  const values = directory(added, place);
  const fresh = Array.from({ length: added.length }, (_, index) => values.subarray(2 + 12 * index, 14 + 12 * index));
  const all = [...kept, ...fresh].sort((one, other) => one.readUInt16LE() - other.readUInt16LE());
  const head = Buffer.alloc(2);
  head.writeUInt16LE(all.length);
  const padding = Buffer.alloc((values.length + place) % 2);
  const whole = Buffer.concat([bare, Buffer.alloc(bare.length % 2), values, padding, head, ...all, Buffer.alloc(4)]);
  whole.writeUInt32LE(place + values.length + padding.length, 4);
  return whole;
}
