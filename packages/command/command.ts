import { type ParseArgsConfig, parseArgs, types } from "node:util";

/** Something that the person at the command line, or who set up CI, can mend. The command ends with status 2. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** The command line is wrong; the message says how, and the command adds where its help is. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** What the command line gave: values of the options, by name, and what is none. */
export type Given<O extends Options> = ReturnType<
  typeof parseArgs<{ readonly options: O; readonly allowPositionals: true }>
>;

/** A command that people or workflows start. */
export interface Command<O extends Options> {
  /** What its messages begin with: `npm run cost`, or a short name for what only workflows call. */
  readonly name: string;
  /** What `--help` prints. */
  readonly help: string;
  /** As `util.parseArgs` takes them; `--help` is always there. */
  readonly options: O;
  /** Whether there may be more than options. @default false */
  readonly allowPositionals?: boolean;
  /** Does it. May set `process.exitCode`: 1 says that it was done and found something wrong. */
  readonly run: (given: Given<O>) => void | Promise<void>;
}

/**
 * Runs a command. What goes wrong is said in a line on standard error; a defect, which is an error of the language, with its
 * stack. Exit status: 2 for a `CommandError`, 1 for any other error.
 */
export async function runCommand<const O extends Options>(command: Command<O>): Promise<void> {
  const { name, help, run } = command;
  const args = process.argv.slice(2);
  try {
    if (args.includes("--help")) process.stdout.write(`${help.trimEnd()}\n`);
    else await run(given(command, args));
  } catch (error) {
    const hint = name.startsWith("npm ") ? `; see ${name} -- --help` : "; see --help";
    if (!(error instanceof Error) || isDefect(error)) console.error(`${name}:`, error);
    else console.error(`${name}: ${error.message}${error instanceof UsageError ? hint : ""}`);
    process.exitCode = error instanceof CommandError ? 2 : 1;
  }
}

/** Reads a command line. @throws UsageError */
export function given<const O extends Options>(
  { options, allowPositionals = false }: Pick<Command<O>, "options" | "allowPositionals">,
  args: readonly string[],
): Given<O> {
  try {
    const found = parseArgs({ args: [...args], options, allowPositionals: true });
    const [first] = found.positionals;
    if (first !== undefined && !allowPositionals) throw new UsageError(`Unexpected argument '${first}'`);
    return found;
  } catch (error) {
    if (!types.isNativeError(error) || !("code" in error)) throw error;
    // What follows the first sentence is advice for another kind of argument.
    const [reason = ""] = error.message.split(". ");
    throw new UsageError(reason, { cause: error });
  }
}

/** The whole number that an option was given. @throws UsageError when it is none, or below `least` */
export function wholeNumber(option: string, text: string, least = 0): number {
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least) return number;
  throw new UsageError(`${option}: expected a whole number from ${least} but received ${text}`);
}

const isDefect = (error: Error): boolean =>
  !("code" in error) && [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
