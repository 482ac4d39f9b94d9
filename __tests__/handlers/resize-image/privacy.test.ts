import ExifReader from "exifreader";
import sharp from "sharp";
import { seededRandom } from "../../../bench/seeded-random";
import { bareCopy } from "../../../handlers/resize-image/picture/bare-copy";
import type { ImageFormat } from "../../../handlers/resize-image/picture/formats";
import { colourAt, frames } from "../../support/pictures";
import { type CreditBytes, SECRET, withSecrets } from "../../support/private-pictures";
import { renderAll, renderOne } from "../../support/rendering";

const FORMATS = ["jpeg", "png", "webp", "avif", "tiff", "gif"] as const;
/** The formats that have a place for credits. */
const CREDITED = ["jpeg", "png", "webp", "avif"] as const;

const utf8 = (text: string) => Buffer.from(`${text}\0`);
const latin1 = (text: string) => Buffer.from(`${text}\0`, "latin1");

async function bare(format: ImageFormat): Promise<Buffer> {
  // Half transparent, so that WebP has the header in which metadata is announced.
  const picture = sharp({ create: { width: 120, height: 90, channels: 4, background: "#ff000080" } });
  return picture.toFormat(format, format === "avif" ? { effort: 0 } : {}).toBuffer();
}

/** Artist and copyright as a reader that is not ours finds them. */
function readBack(file: Uint8Array): { artist?: string; copyright?: string } {
  const tags = ExifReader.load(Buffer.from(file));
  const text = (value: unknown) => (Array.isArray(value) ? value.join("\0") : String(value));
  return {
    ...(tags.Artist && { artist: text(tags.Artist.value) }),
    ...(tags.Copyright && { copyright: text(tags.Copyright.value) }),
  };
}

describe("the credits of a picture", () => {
  const texts = [
    "Jane Doe (Agency)",
    "Jürgen Müller",
    "© 2024 写真家 😀",
    'a "b" \\ c; d = (1)(2',
    "x",
    "ab",
    "l".repeat(9000),
  ];

  it.each(CREDITED)("are in %s what they were, whatever the text", async (format) => {
    for (const [index, artist] of texts.entries()) {
      const copyright = texts[(index + 2) % texts.length] ?? "";
      const source = withSecrets(await bare("jpeg"), "jpeg", { artist: utf8(artist), copyright: utf8(copyright) });
      const [one, another] = await renderAll(source, [{ format }, { format, width: 32 }]);
      for (const rendered of [await renderOne(source, { format }), one, another]) {
        expect(readBack(rendered?.bytes ?? Buffer.alloc(0))).toEqual({ artist, copyright });
      }
    }
  });

  it.each([...CREDITED, "tiff"] as const)("are read in %s, and stay there", async (format) => {
    const credits = { artist: utf8("Ada (a) ß"), copyright: utf8("© Ada") };
    const { bytes } = await renderOne(withSecrets(await bare(format), format, credits));
    expect(readBack(bytes)).toEqual({ artist: "Ada (a) ß", copyright: "© Ada" });
    expect((await colourAt(bytes, 0.5, 0.5))[0]).toBeGreaterThan(100);
  });

  it("are written into an animation", async () => {
    const moving = await (await frames(["#ff0000", "#00ff0080"], 64)).webp().toBuffer();
    const source = withSecrets(moving, "webp", { artist: utf8("Ada (a)"), copyright: utf8("©") });
    const { bytes } = await renderOne(source, { animated: true, width: 32 });
    expect(readBack(bytes)).toEqual({ artist: "Ada (a)", copyright: "©" });
    expect((await sharp(bytes).metadata()).pages).toBe(2);
  });

  it.each([
    ["Latin-1", { artist: latin1("Jürgen Müller"), copyright: latin1("© 2024") }],
    ["EXIF 3.0's UTF-8", { artist: utf8("Jürgen Müller"), copyright: utf8("© 2024"), type: 129 }],
    ["text without its NUL", { artist: Buffer.from("Jürgen Müller"), copyright: Buffer.from("© 2024") }],
  ])("are read in %s", async (_, credits: CreditBytes) => {
    const { bytes } = await renderOne(withSecrets(await bare("jpeg"), "jpeg", credits));
    expect(readBack(bytes)).toEqual({ artist: "Jürgen Müller", copyright: "© 2024" });
  });

  it("keep the photographer's and the editor's copyright apart", async () => {
    const credits = { artist: utf8("Ada"), copyright: utf8("Ada\0The Editor") };
    const { bytes } = await renderOne(withSecrets(await bare("jpeg"), "jpeg", credits));
    expect(Buffer.from(bytes).includes("Ada\0The Editor\0")).toBe(true);
  });

  it.each([
    ["blank", utf8("    ")],
    ["bytes that are no text", Buffer.from([1, 2, 3, 0xff, 0])],
    ["longer than any notice", utf8("x".repeat(20_000))],
  ])("are left out when they are %s", async (_, artist) => {
    const { bytes } = await renderOne(withSecrets(await bare("jpeg"), "jpeg", { artist, copyright: utf8("Ada") }));
    expect(readBack(bytes)).toEqual({ copyright: "Ada" });
  });
});

describe("a rendition", () => {
  const random = seededRandom(11);
  const letters = [..."aZ09 (){}[]\\\"'%&;=,.-äß©é写真家😀Жλ"];
  const text = () =>
    Array.from({ length: 1 + Math.floor(random() * 60) }, () => letters[Math.floor(random() * letters.length)]).join(
      "",
    );

  it.each(FORMATS)("of %s carries nothing of it but pixels and credits, in any format", async (from) => {
    const source = await bare(from);
    for (let round = 0; round < 3; round++) {
      const [artist, copyright] = [`a${text()}a`, `c${text()}c`];
      const picture = withSecrets(source, from, { artist: utf8(artist), copyright: utf8(copyright) });
      expect(picture.includes(SECRET)).toBe(true);
      const presets = FORMATS.map((format) => ({ format: format === "tiff" ? "source" : format, width: 40 }) as const);
      const rendered = [...(await renderAll(picture, presets)), await renderOne(picture, { animated: true })];
      for (const { bytes, format } of rendered) {
        const file = Buffer.from(bytes);
        const starts = file.toString("latin1").split("\xff\xd8\xff").length - 1;
        expect([format, file.includes("PRIVATE"), starts]).toEqual([format, false, format === "jpeg" ? 1 : 0]);
        if (format !== "gif" && from !== "gif") expect(readBack(bytes)).toEqual({ artist, copyright });
      }
    }
  });
});

describe("the copy that is served where encoding anew would make more of a picture", () => {
  it.each(["jpeg", "png", "webp", "gif"] as const)("of %s is its pixels and nothing else", async (format) => {
    const source = await bare(format);
    const picture = withSecrets(source, format, { artist: utf8("Ada"), copyright: utf8("Ada") });

    for (const whole of [picture, Buffer.concat([picture, Buffer.from(SECRET)])]) {
      const copy = bareCopy(whole, format) ?? Buffer.alloc(0);
      expect(copy.includes("PRIVATE")).toBe(false);
      expect(copy.includes("Ada")).toBe(false);
      expect(await sharp(copy).raw().toBuffer()).toEqual(await sharp(source).raw().toBuffer());
    }
  });
});
