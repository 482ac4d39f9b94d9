import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commandBlocks, RUN_ELSEWHERE } from "../support/documented-commands";

const PROJECT = join(__dirname, "..", "..");
const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(PROJECT, "package.json"), "utf8"),
);
const commands = commandBlocks().flatMap(({ page, commands }) => commands.map((command) => ({ page, command })));

/** The npm scripts that a command starts, each with the options it gives them. */
const started = commands.flatMap(({ page, command }) =>
  [...command.matchAll(/\bnpm (?:run (?:--silent )?)?(?!ci\b)([\w:]+)(?: -- ([^&|;]*))?/g)].map(
    ([, script = "", rest = ""]) => ({
      page,
      script,
      options: [...rest.matchAll(/(?<=^|\s)--[\w-]+/g)].map(([option]) => option),
    }),
  ),
);

describe("the commands of the docs", () => {
  it("are found", () => {
    expect(started.length).toBeGreaterThan(15);
  });

  it.each(started)("$page: npm run $script is a script", ({ script }) => {
    expect(Object.keys(scripts)).toContain(script);
  });

  const withOptions = [...new Set(started.filter(({ options }) => options.length > 0).map(({ script }) => script))];

  it.each(withOptions)("give npm run %s only options that its help knows", (script) => {
    const [program = "", ...args] = (scripts[script] ?? "").split(" ");
    const path = `${join(PROJECT, "node_modules", ".bin")}:${process.env.PATH}`;
    const { stdout } = spawnSync(program, [...args, "--help"], {
      cwd: PROJECT,
      encoding: "utf8",
      env: { ...process.env, PATH: path },
    });
    const given = started.filter((each) => each.script === script).flatMap(({ options }) => options);
    for (const option of given) expect(stdout).toContain(option);
  });

  it.each(Object.entries(RUN_ELSEWHERE))("that no test of them runs are run elsewhere: %s", (command, file) => {
    const parts = command === "npm run check" ? (scripts.check ?? "").split(" && ") : [command];
    // The summary of a job shows the tests with what they cover.
    const runs = readFileSync(join(PROJECT, file), "utf8").replace("npm run --silent coverage", "npm test");
    for (const part of parts) expect(runs).toContain(part);
  });
});
