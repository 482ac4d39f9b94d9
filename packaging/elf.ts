/** Processor architectures that Lambda offers, as Node names them. */
export type LinuxArchitecture = "arm64" | "x64";

// e_machine of the ELF header, https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
const E_MACHINE_OFFSET = 18;
const MACHINES: ReadonlyMap<number, LinuxArchitecture> = new Map([
  [0x3e, "x64"],
  [0xb7, "arm64"],
]);
const MAGIC = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);

/** The processor a Linux shared object was compiled for; undefined when it is no ELF file or for another one. */
export function elfArchitecture(bytes: Uint8Array): LinuxArchitecture | undefined {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, E_MACHINE_OFFSET + 2));
  if (header.length < E_MACHINE_OFFSET + 2 || !header.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  return MACHINES.get(header.readUInt16LE(E_MACHINE_OFFSET));
}
