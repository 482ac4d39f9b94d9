/** A key as the path of an address: each part of it encoded, its slashes kept. */
export function keyPath(key: string): string {
  return key.split("/").map(encodeURIComponent).join("/");
}
