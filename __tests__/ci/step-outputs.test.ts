import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stepOutputs } from "../../ci/step-outputs";

const { GITHUB_OUTPUT } = process.env;
const folder = mkdtempSync(join(tmpdir(), "step-outputs-"));

afterEach(() => {
  if (GITHUB_OUTPUT === undefined) delete process.env.GITHUB_OUTPUT;
  else process.env.GITHUB_OUTPUT = GITHUB_OUTPUT;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("stepOutputs", () => {
  it("gives later steps each value whole, whatever is in it", () => {
    const file = join(folder, "outputs");
    writeFileSync(file, "");
    process.env.GITHUB_OUTPUT = file;
    const written = jest.spyOn(process.stdout, "write").mockReturnValue(true);

    stepOutputs({ stack: "image-pipeline-dev", role: "one\nadmin=true" });

    expect(readFileSync(file, "utf8")).toMatch(
      /^stack<<(ghadelimiter_\S+)\nimage-pipeline-dev\n\1\nrole<<(ghadelimiter_\S+)\none\nadmin=true\n\2\n$/,
    );
    expect(written.mock.calls.flat()).toEqual(["stack=image-pipeline-dev\n", "role=one\nadmin=true\n"]);
  });

  it("only prints them outside of GitHub Actions", () => {
    delete process.env.GITHUB_OUTPUT;
    const written = jest.spyOn(process.stdout, "write").mockReturnValue(true);

    stepOutputs({ run_id: "" });

    expect(written.mock.calls.flat()).toEqual(["run_id=\n"]);
  });
});
