import { unzipSync } from "fflate";
import { zip } from "../../packaging/zip";

const a = Buffer.from("first");
const b = Buffer.from("second");

describe("zip", () => {
  it("gives the same bytes whatever order the files come in", () => {
    const forwards = zip(
      new Map([
        ["a.js", a],
        ["b/c.js", b],
      ]),
    );
    const backwards = zip(
      new Map([
        ["b/c.js", b],
        ["a.js", a],
      ]),
    );
    expect(Buffer.from(forwards).equals(backwards)).toBe(true);
  });

  it("gives the same bytes at another time", () => {
    const now = zip(new Map([["a.js", a]]));
    jest.useFakeTimers({ now: new Date("2031-05-05T05:05:05Z") });
    const later = zip(new Map([["a.js", a]]));
    jest.useRealTimers();
    expect(Buffer.from(now).equals(later)).toBe(true);
  });

  it("gives other bytes when a file is renamed", () => {
    expect(Buffer.from(zip(new Map([["a.js", a]]))).equals(zip(new Map([["b.js", a]])))).toBe(false);
  });

  it("keeps names and contents", () => {
    const files = unzipSync(zip(new Map([["folder/ä.js", b]])));
    expect(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString()])).toEqual([
      ["folder/ä.js", "second"],
    ]);
  });

  it("makes every file readable for everyone, as Lambda's own user needs", () => {
    const bytes = Buffer.from(zip(new Map([["a.js", a]])));
    const centralDirectory = bytes.indexOf(Buffer.from("PK\x01\x02"));
    expect((bytes.readUInt32LE(centralDirectory + 38) >>> 16).toString(8)).toBe("100644");
  });
});
