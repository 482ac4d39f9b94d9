import { elfArchitecture } from "../../packaging/elf";

function elfHeader(machine: number): Buffer {
  const header = Buffer.alloc(64);
  header.write("\x7fELF", "latin1");
  header.writeUInt16LE(machine, 18);
  return header;
}

describe("elfArchitecture", () => {
  it.each([
    [0x3e, "x64"],
    [0xb7, "arm64"],
  ])("reads the machine type %i as %s", (machine, architecture) => {
    expect(elfArchitecture(elfHeader(machine))).toBe(architecture);
  });

  it.each([
    ["another machine", elfHeader(0x28)],
    ["a file for macOS", Buffer.from("cffaedfe07000001030000000800000000000000", "hex")],
    ["half a header", elfHeader(0x3e).subarray(0, 19)],
    ["nothing", Buffer.alloc(0)],
  ])("knows no architecture for %s", (_, bytes) => {
    expect(elfArchitecture(bytes)).toBeUndefined();
  });
});
