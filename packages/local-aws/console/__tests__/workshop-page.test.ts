import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { cropPosition, type Greys } from "../page/crop-position";
import { LatestOnly } from "../page/latest-only";
import { nextShare } from "../page/next-share";
import { presetText } from "../page/preset-text";
import { hrefOf, parseRoute } from "../page/route";
import { stepTimes } from "../page/step-times";
import { FITS, FORMATS, POSITIONS, type Preset } from "../preset";
import type { DecisionLine, Visit } from "../wire";

const PROJECT = join(__dirname, "..", "..", "..", "..");

const preset: fc.Arbitrary<Preset> = fc.record(
  {
    width: fc.integer({ min: 1, max: 4096 }),
    height: fc.integer({ min: 1, max: 4096 }),
    fit: fc.constantFrom(...FITS),
    format: fc.constantFrom(...FORMATS),
    position: fc.constantFrom(...POSITIONS),
    quality: fc.integer({ min: 1, max: 100 }),
    background: fc.stringMatching(/^#[0-9a-f]{6}$/),
    animated: fc.boolean(),
    enlarge: fc.boolean(),
  },
  { requiredKeys: ["width", "height", "fit", "format"] },
);
const name = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/);

describe("the text of a preset", () => {
  it("is a line as environments have it, without what it would be anyway", () => {
    const card: Preset = { width: 640, height: 360, fit: "cover", position: "attention", format: "webp" };

    expect(presetText("card", card)).toBe(
      '    card: { width: 640, height: 360, fit: "cover", position: "attention", format: "webp" },',
    );
    expect(presetText("card", { ...card, position: "centre", animated: false, enlarge: false })).toBe(
      '    card: { width: 640, height: 360, fit: "cover", format: "webp" },',
    );
    expect(presetText("card", { ...card, fit: "inside" })).toBe(
      '    card: { width: 640, height: 360, fit: "inside", format: "webp" },',
    );
  });

  it("is written as the formatter of this project writes it", () => {
    const presets = fc.sample(fc.tuple(name, preset), { numRuns: 300, seed: 7 });
    const lines = presets.map(([one, value]) => presetText(one, value)).join("\n");
    const source = `export const environment = {\n  renditions: {\n${lines}\n  },\n};\n`;
    const biome = join(PROJECT, "node_modules", ".bin", "biome");
    const { stdout } = spawnSync(biome, ["format", "--stdin-file-path=environments/pasted.ts"], {
      cwd: PROJECT,
      input: source,
      encoding: "utf8",
    });

    expect(stdout).toBe(source);
  });
});

describe("only the latest", () => {
  const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

  it("does one at a time, and of those that come meanwhile the last", async () => {
    const done: number[] = [];
    const release: (() => void)[] = [];
    const latest = new LatestOnly<number>(async (input) => {
      await new Promise<void>((resolve) => release.push(resolve));
      done.push(input);
    }, 60_000);
    for (const input of [1, 2, 3, 4]) latest.ask(input);
    release.shift()?.();
    await pause(0);
    release.shift()?.();
    await pause(0);

    expect(done).toEqual([1, 4]);
    expect(release).toEqual([]);
  });

  it("gives up what takes too long for a newer one, and what runs when it stops", async () => {
    const over: number[] = [];
    const latest = new LatestOnly<number>(
      (input, signal) =>
        new Promise((resolve) => {
          signal.addEventListener("abort", () => {
            over.push(input);
            resolve();
          });
        }),
      1,
    );
    latest.ask(1);
    await pause(10);
    expect(over).toEqual([]);
    latest.ask(2);
    while (over.length < 1) await pause(1);
    latest.stop();

    expect(over).toEqual([1, 2]);
  });

  it("goes on after a failure", async () => {
    const done: number[] = [];
    const latest = new LatestOnly<number>(async (input) => {
      if (input === 1) throw new Error("no");
      done.push(input);
    }, 60_000);
    latest.ask(1);
    await pause(0);
    latest.ask(2);
    await pause(0);

    expect(done).toEqual([2]);
  });
});

describe("the position of a crop", () => {
  const picture = (width: number, height: number): Greys => ({
    width,
    height,
    values: Array.from({ length: width * height }, (_, index) => (index * 7919 + (index % width) * 104_729) % 251),
  });
  const part = (whole: Greys, left: number, top: number, width: number, height: number): Greys => ({
    width,
    height,
    values: Array.from(
      { length: width * height },
      (_, index) => whole.values[(Math.floor(index / width) + top) * whole.width + left + (index % width)] ?? 0,
    ),
  });

  it("is found wherever the part was cut out", () => {
    const [wide, high] = [picture(40, 20), picture(20, 40)];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (offset) => {
        expect(cropPosition(wide, part(wide, offset, 0, 20, 20))).toEqual({ x: offset / 20, y: 0.5 });
        expect(cropPosition(high, part(high, 0, offset, 20, 20))).toEqual({ x: 0.5, y: offset / 20 });
      }),
    );
  });

  it("is the centre where nothing was cut off", () => {
    expect(cropPosition(picture(8, 8), picture(8, 8))).toEqual({ x: 0.5, y: 0.5 });
  });
});

describe("the divider", () => {
  it.each([
    ["ArrowLeft", 48],
    ["ArrowDown", 48],
    ["ArrowRight", 52],
    ["ArrowUp", 52],
    ["PageDown", 40],
    ["PageUp", 60],
    ["Home", 0],
    ["End", 100],
    ["x", undefined],
  ])("goes with %s from 50 to %s", (key, share) => {
    expect(nextShare(50, key)).toBe(share);
  });

  it("stays between its ends", () => {
    expect([nextShare(1, "ArrowLeft"), nextShare(99, "PageUp")]).toEqual([0, 100]);
  });
});

describe("the steps of an execution", () => {
  const decision = (action: string, at: number, allowed = true): DecisionLine => ({
    at,
    who: "somebody",
    action,
    resource: "*",
    allowed,
    by: [],
  });
  const visit = (endedAt?: number): Visit => ({
    state: "ResizeImage",
    type: "Task",
    depth: 0,
    enteredAt: 0,
    how: "left",
    input: "{}",
    attempts: [{ startedAt: 0, ...(endedAt !== undefined && { endedAt }) }],
  });
  const decisions = [
    decision("lambda:InvokeFunction", 104),
    decision("s3:GetObject", 150),
    decision("s3:PutObject", 190),
    decision("s3:PutObject", 191),
    decision("s3:GetObject", 195),
  ];

  it("are told by what IAM was asked", () => {
    expect(stepTimes(100, decisions, [visit(198)])).toEqual([
      { name: "to the function", milliseconds: 4 },
      { name: "a sandbox", milliseconds: 46 },
      { name: "read and made", milliseconds: 40 },
      { name: "written, and looked again", milliseconds: 8 },
    ]);
  });

  it.each([
    ["runs", decisions, [visit()]],
    ["has no task", decisions, []],
    ["was tried twice", [...decisions, decision("lambda:InvokeFunction", 200)], [visit(300)]],
    ["wrote nothing", decisions.slice(0, 2), [visit(300)]],
    ["was denied", [...decisions.slice(0, 2), decision("s3:PutObject", 5, false)], [visit(300)]],
  ])("are not told of one that %s", (_, asked, visits) => {
    expect(stepTimes(100, asked, visits)).toBeUndefined();
  });
});

describe("the address of the workshop", () => {
  it.each(["cat.jpg", "a/b c/ü?#.jpg", "a//b.jpg", "100%.jpg"])("keeps the key %s", (key) => {
    expect(parseRoute(hrefOf({ view: "workshop", key }))).toEqual({ view: "workshop", key });
  });
});
