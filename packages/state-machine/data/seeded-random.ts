// java.util.Random: a linear congruential generator of 48 bits. Its numbers are part of Java's specification.
const MULTIPLIER = 0x5deece66dn;
const INCREMENT = 0xbn;
const MASK = (1n << 48n) - 1n;

/** The generator for a seed: each call gives the next `bits` bits as an unsigned number. */
function generator(seed: number): (bits: bigint) => number {
  let state = (BigInt(seed) ^ MULTIPLIER) & MASK;
  return (bits) => {
    state = (state * MULTIPLIER + INCREMENT) & MASK;
    return Number(state >> (48n - bits));
  };
}

/** The first integer from 0 up to, not including, `bound` that a seed gives, as Java's `nextInt(bound)`. */
export function seededInteger(seed: number, bound: number): number {
  // Java's bounds have 31 bits.
  if (bound > 2 ** 31 - 1) return Math.floor(seededFraction(seed) * bound);
  const next = generator(seed);
  if (Number.isInteger(Math.log2(bound))) return Math.floor((bound * next(31n)) / 2 ** 31);
  for (;;) {
    const bits = next(31n);
    const value = bits % bound;
    // The last, incomplete run of values would favour small ones.
    if (bits - value + bound - 1 < 2 ** 31) return value;
  }
}

/** The first number from 0 up to, not including, 1 that a seed gives, as Java's `nextDouble`. */
export function seededFraction(seed: number): number {
  const next = generator(seed);
  return (next(26n) * 2 ** 27 + next(27n)) * 2 ** -53;
}
