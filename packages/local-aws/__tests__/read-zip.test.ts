import { strToU8, zipSync } from "fflate";
import { readZip } from "../lambda/read-zip";

const text = "some text ".repeat(100);
const zipped = Buffer.from(
  zipSync({ "a/b.txt": strToU8(text), "a/": new Uint8Array(), "stored.bin": [strToU8("raw"), { level: 0 }] }),
);

describe("readZip", () => {
  it("gives the files of a zip, packed and stored, and no folders", async () => {
    const files = await readZip(zipped);

    expect([...files].map(([name, { bytes }]) => [name, bytes.toString()])).toEqual([
      ["a/b.txt", text],
      ["stored.bin", "raw"],
    ]);
  });

  it.each([
    ["nothing", Buffer.alloc(0), "it is not a zip"],
    ["something else", Buffer.from("#!/bin/sh"), "it is not a zip"],
    ["half a zip", zipped.subarray(0, zipped.length / 2), "it is not a zip"],
  ])("refuses %s", async (_what, bytes, message) => {
    await expect(readZip(bytes)).rejects.toThrow(message);
  });

  it("refuses a zip whose contents are damaged", async () => {
    const damaged = Buffer.from(zipped);
    damaged.write("RAW", damaged.indexOf("raw"));

    await expect(readZip(damaged)).rejects.toThrow("its contents are damaged");
  });
});
