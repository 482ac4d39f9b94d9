let last = 0n;

/**
 * A hexadecimal number greater than all before, in this run and in earlier ones.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function nextSequencer(): string {
  const now = BigInt(Date.now()) << 20n;
  last = now > last ? now : last + 1n;
  return last.toString(16).toUpperCase().padStart(18, "0");
}
