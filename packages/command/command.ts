/** Something that the person at the command line, or who set up CI, can mend: it is said in a line, without a stack trace. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** Runs a command; what went wrong goes to standard error, and the exit status is 2. */
export async function command(name: string, main: () => void | Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    // util.parseArgs says what is wrong with the arguments by a TypeError with a code.
    const isMendable = error instanceof CommandError || (error instanceof TypeError && "code" in error);
    console.error(isMendable ? `${name}: ${error.message}` : error);
    process.exitCode = 2;
  }
}
