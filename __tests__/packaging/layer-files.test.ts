import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { readRuntimeFiles } from "../../packaging/layer-files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "layer-files-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(path: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), "");
}

describe("readRuntimeFiles", () => {
  it.each([
    "node_modules/sharp/package.json",
    "node_modules/sharp/dist/index.cjs",
    "node_modules/sharp/LICENSE",
    "node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node",
    "node_modules/@img/sharp-libvips-linux-x64/lib/libvips-cpp.so.8.18.7",
    "node_modules/@img/sharp-libvips-linux-x64/versions.json",
    "node_modules/@img/sharp-libvips-linux-x64/README.md",
    "node_modules/semver/lib/semver.js",
  ])("keeps %s", async (path) => {
    install(path);
    expect([...(await readRuntimeFiles(folder)).keys()]).toEqual([path]);
  });

  it.each([
    "node_modules/.package-lock.json",
    "node_modules/.bin/semver.js",
    "node_modules/sharp/README.md",
    "node_modules/sharp/dist/index.mjs",
    "node_modules/sharp/dist/index.d.cts",
    "node_modules/sharp/src/sharp.cc",
    "node_modules/sharp/install/build.js",
    "node_modules/@img/sharp-libvips-linux-x64/lib/glib-2.0/include/glibconfig.h",
  ])("leaves out %s", async (path) => {
    install(path);
    expect([...(await readRuntimeFiles(folder)).keys()]).toEqual([]);
  });

  it("refuses a symbolic link", async () => {
    install("node_modules/sharp/index.js");
    symlinkSync("index.js", join(folder, "node_modules/sharp/link.js"));
    await expect(readRuntimeFiles(folder)).rejects.toThrow(
      "Expected plain files in the sharp layer but node_modules/sharp/link.js is a symbolic link",
    );
  });
});
