import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { picturesIn } from "../../bench/pictures";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bench-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("picturesIn", () => {
  it("finds pictures by their extension, in order", () => {
    for (const name of ["b.PNG", "a.jpeg", "notes.md"]) writeFileSync(join(folder, name), "");
    expect(picturesIn(folder)).toEqual([join(folder, "a.jpeg"), join(folder, "b.PNG")]);
  });

  it("refuses a folder that is not there", () => {
    expect(() => picturesIn("/nope")).toThrow("Expected a folder of pictures but there is no /nope; see --help");
  });

  it("refuses a folder without pictures", () => {
    expect(() => picturesIn(folder)).toThrow(`Expected pictures in ${folder} but found none`);
  });
});
