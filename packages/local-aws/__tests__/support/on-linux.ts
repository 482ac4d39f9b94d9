/** A test that needs what only Linux has; elsewhere it is skipped, and the reason is printed. */
export function onLinux(reason: string, name: string, run: () => Promise<void>, timeoutMilliseconds?: number): void {
  if (process.platform === "linux") {
    it(name, run, timeoutMilliseconds);
    return;
  }
  console.warn(`skipped on ${process.platform}: "${name}", because ${reason}`);
  it.skip(name, run);
}
