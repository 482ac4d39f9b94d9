import { BlockList, isIP } from "node:net";

/** Whether an address lies in a range in CIDR form; a range without a length is one address. */
export function isInRange(address: string, range: string): boolean {
  const [network = "", length] = range.split("/");
  const version = isIP(network);
  if (version === 0 || isIP(address) === 0) return false;
  const family = version === 4 ? "ipv4" : "ipv6";
  const list = new BlockList();
  list.addSubnet(network, length === undefined ? (version === 4 ? 32 : 128) : Number(length), family);
  return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}
