import { CommandError, given, runCommand, UsageError, wholeNumber } from "../command";

const OPTIONS = { name: { type: "string", default: "a" }, loud: { type: "boolean" } } as const;
const { argv, exitCode } = process;

afterEach(() => {
  process.argv = argv;
  process.exitCode = exitCode;
});

/** What a command writes and its exit status; `run` is what it does. */
async function outcome(args: readonly string[], run: () => void = () => {}, name = "greet") {
  process.argv = ["node", "greet.ts", ...args];
  process.exitCode = 0;
  const out = jest.spyOn(process.stdout, "write").mockReturnValue(true);
  const error = jest.spyOn(console, "error").mockReturnValue();
  await runCommand({ name, help: "Greets.\n", options: OPTIONS, run });
  return { status: process.exitCode, out: out.mock.calls.flat(), error: error.mock.calls.flat() };
}

const throws = (error: unknown) => () => {
  throw error;
};

describe("a command", () => {
  it("hands over its options and what is none", () => {
    expect(given({ options: OPTIONS, allowPositionals: true }, ["x", "--loud", "y"])).toMatchObject({
      values: { name: "a", loud: true },
      positionals: ["x", "y"],
    });
  });

  it("explains itself, whatever else it is told, and does nothing", async () => {
    const run = jest.fn();

    expect(await outcome(["--bogus", "--help"], run)).toEqual({ status: 0, out: ["Greets.\n"], error: [] });
    expect(run).not.toHaveBeenCalled();
  });

  it.each([
    [["--bogus"], "greet: Unknown option '--bogus'; see --help"],
    [["extra"], "greet: Unexpected argument 'extra'; see --help"],
    [["--name"], "greet: Option '--name <value>' argument missing; see --help"],
  ])("refuses %j in a line, with status 2", async (args, line) => {
    expect(await outcome(args)).toEqual({ status: 2, out: [], error: [line] });
  });

  it.each([
    ["what a person can mend", new CommandError("no plan"), 2, ["greet: no plan"]],
    ["what is wrong with an option", new UsageError("--name: bad"), 2, ["greet: --name: bad; see --help"]],
    ["what went wrong", new Error("port 1 is in use"), 1, ["greet: port 1 is in use"]],
  ])("says %s in a line", async (_what, thrown, status, error) => {
    expect(await outcome([], throws(thrown))).toEqual({ status, out: [], error });
  });

  it.each([[new TypeError("x is not a function")], ["no error at all"]])("shows a defect whole: %s", async (thrown) => {
    expect(await outcome([], throws(thrown))).toEqual({ status: 1, out: [], error: ["greet:", thrown] });
  });

  it("names the npm script whose help it is", async () => {
    expect((await outcome(["--bogus"], () => {}, "npm run greet")).error).toEqual([
      "npm run greet: Unknown option '--bogus'; see npm run greet -- --help",
    ]);
  });
});

describe("wholeNumber", () => {
  it("is the number of the option", () => {
    expect(wholeNumber("--n", "12")).toBe(12);
  });

  it.each(["", "-1", "1.5", "many", "0"])("refuses %j", (text) => {
    expect(() => wholeNumber("--n", text, 1)).toThrow(`--n: expected a whole number from 1 but received ${text}`);
  });
});
