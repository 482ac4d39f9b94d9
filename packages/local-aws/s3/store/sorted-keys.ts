/** A set of keys in S3's order, that of their UTF-8 bytes. */
export class SortedKeys {
  readonly #keys: string[] = [];

  get size(): number {
    return this.#keys.length;
  }

  at(index: number): string | undefined {
    return this.#keys[index];
  }

  add(key: string): void {
    const index = this.firstFrom(key);
    if (this.#keys[index] !== key) this.#keys.splice(index, 0, key);
  }

  delete(key: string): void {
    const index = this.firstFrom(key);
    if (this.#keys[index] === key) this.#keys.splice(index, 1);
  }

  /** Where the first key is that is not before this one. */
  firstFrom(key: string): number {
    return this.#search((other) => compareKeys(other, key) < 0);
  }

  /** Where the first key is that is behind this one. */
  firstAfter(key: string): number {
    return this.#search((other) => compareKeys(other, key) <= 0);
  }

  /** Where the first key is that is behind all that begin so. */
  firstBehindPrefix(prefix: string): number {
    return this.#search((other) => other.startsWith(prefix) || compareKeys(other, prefix) < 0);
  }

  #search(isBefore: (key: string) => boolean): number {
    let [low, high] = [0, this.#keys.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const key = this.#keys[middle];
      if (key !== undefined && isBefore(key)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The order of UTF-8 bytes, which is that of code points and not that of JavaScript's code units. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Surrogates stand for characters behind all others of 16 bits. */
function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}
