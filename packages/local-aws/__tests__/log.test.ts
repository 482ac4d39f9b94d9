import { type Log, timestampedLog } from "../log";

const LONG = "x".repeat(300);

describe("timestampedLog", () => {
  const lineOf = (part: Parameters<Log>[0], text: string, cut = true) => {
    const lines: string[] = [];
    timestampedLog((line) => lines.push(line), { cut })(part, text);
    return lines.join("\n");
  };

  it("puts the time and the part in front of each line", () => {
    expect(lineOf("s3", "one\ntwo")).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}s3 {6}one\n\d\d:\d\d:\d\d\.\d{3} {2}s3 {6}two$/,
    );
  });

  it("cuts what does not fit 160 columns", () => {
    expect(lineOf("states", LONG)).toHaveLength(160);
  });

  it.each<[string, Parameters<Log>[0], string]>([
    ["a denial", "iam", LONG],
    ["what the runner says", "runner", LONG],
    ["a failed execution", "states", `1234  FAILED: ${LONG}`],
    ["a failed task", "states", `1234  the task failed: ${LONG}`],
  ])("never cuts %s", (_what, part, text) => {
    expect(lineOf(part, text)).toContain(LONG);
  });

  it("cuts nothing unless asked", () => {
    expect(lineOf("states", LONG, false)).toContain(LONG);
  });
});
