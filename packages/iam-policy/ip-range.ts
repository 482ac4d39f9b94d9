import { BlockList, isIP } from "node:net";

const BITS: Readonly<Record<number, number>> = { 4: 32, 6: 128 };

/** Whether a text is an address, or a range in CIDR form. */
export function isRange(text: string): boolean {
  const [, network = "", length] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = BITS[isIP(network)];
  return bits !== undefined && (length === undefined || Number(length) <= bits);
}

/** Whether an address lies in a range in CIDR form; a range without a length is one address. */
export function isInRange(address: string, range: string): boolean {
  const [network = "", length] = range.split("/");
  const version = isIP(network);
  // Named for the address too: by its own family, an IPv4 address is to a BlockList one of IPv6 as well.
  const family = version === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, Number(length ?? BITS[version]), family);
  return list.check(address, family);
}
