import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { unzipSync } from "fflate";
import { elfArchitecture } from "../../packaging/elf";
import { buildSharpLayer, checkArchitecture } from "../../packaging/sharp-layer";

const FIRST_BUILD_MILLISECONDS = 180_000;
const PROJECT = join(__dirname, "..", "..");

function readJson(...path: string[]) {
  return JSON.parse(readFileSync(join(PROJECT, ...path), "utf8"));
}

function elf(machine: number): Buffer {
  const header = Buffer.alloc(20);
  header.write("\x7fELF", "latin1");
  header.writeUInt16LE(machine, 18);
  return header;
}

describe("buildSharpLayer", () => {
  it.each(["arm64", "x64"] as const)(
    "zips what a Node function on %s needs, where Lambda looks for it",
    async (arch) => {
      const { path } = await buildSharpLayer({ platform: "linux", arch });
      const files = unzipSync(readFileSync(path));
      expect(Object.keys(files)).toContain("nodejs/node_modules/sharp/dist/index.cjs");
      const native = Object.entries(files).filter(([name]) => /\.node$|\.so/.test(name));
      expect(native.map(([, bytes]) => elfArchitecture(bytes))).toEqual([arch, arch]);
    },
    FIRST_BUILD_MILLISECONDS,
  );

  it("names the zip alike whatever is in it, because Terraform replaces a layer whose file has another name", async () => {
    const { path } = await buildSharpLayer({ platform: "linux", arch: "arm64" });
    expect(basename(path)).toBe("sharp-layer-linux-arm64.zip");
  });
});

describe("checkArchitecture", () => {
  const target = { platform: "linux", arch: "arm64" } as const;

  it("refuses a library for another processor", () => {
    const files = new Map([
      ["sharp.node", elf(0xb7)],
      ["libvips-cpp.so.8", elf(0x3e)],
    ]);
    expect(() => checkArchitecture(files, target)).toThrow(
      "Expected libvips-cpp.so.8 to be an ELF file for arm64 but it is x64",
    );
  });

  it("refuses a library that is no ELF file", () => {
    const files = new Map([["sharp.node", Buffer.from("MZ")]]);
    expect(() => checkArchitecture(files, target)).toThrow("Expected sharp.node to be an ELF file for arm64");
  });

  it("refuses a layer without a native library", () => {
    expect(() => checkArchitecture(new Map([["index.js", Buffer.alloc(0)]]), target)).toThrow(
      "Expected sharp's native library for linux-arm64 but npm installed none",
    );
  });
});

describe("the layer's lockfile", () => {
  const lock = readJson("packaging", "sharp-layer", "package-lock.json");

  it("holds the sharp that the project is tested with", () => {
    expect(lock.packages["node_modules/sharp"].version).toBe(readJson("package.json").dependencies.sharp);
  });

  it("names every package by its hash and none by the address of a registry", () => {
    const packages: [string, { integrity?: string; resolved?: string }][] = Object.entries(lock.packages);
    const installed = packages.filter(([name]) => name !== "");
    expect(installed.length).toBeGreaterThan(0);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"))).toEqual([]);
    expect(installed.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});
