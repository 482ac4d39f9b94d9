import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { GetObjectCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { given, UsageError } from "@image-pipeline/command";
import { backfillCommand } from "../../operations/backfill/command";
import { duration } from "../../operations/backfill/forecast";
import { FoundPictures } from "../../operations/backfill/found-pictures";
import { cell, KeyList } from "../../operations/backfill/key-list";
import { readResults } from "../../operations/backfill/results";
import { progressLine, RecentRate } from "../../operations/backfill/watch";
import { anEnvironment } from "../support/an-environment";

const folder = mkdtempSync(join(tmpdir(), "backfill-parts-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function keysIn(name: string, text: string): Promise<readonly string[]> {
  const file = join(folder, name);
  writeFileSync(file, text);
  const keys: string[] = [];
  for await (const key of new KeyList(new S3Client({}), file).keys()) keys.push(key);
  return keys;
}

const KEYS = [
  "a.jpg",
  "a, b.jpg",
  'say "cheese".png',
  "back\\slash.jpg",
  "two\nlines.gif",
  "ünï/日本.webp",
  " ",
  '"',
  "\\",
];

describe("a list of keys", () => {
  it("gives back every key that was written as a cell of CSV, among other columns", async () => {
    const rows = KEYS.map((key) => `${cell("x, y")},${cell(key)},z`);
    expect(await keysIn("all.csv", `one,key,two\n${rows.join("\n")}\n`)).toEqual(KEYS);
  });

  it("gives the keys of JSON lines, whatever else they hold", async () => {
    const lines = KEYS.map((key, size) => JSON.stringify({ size, key }));
    expect(await keysIn("all.jsonl", `${lines.join("\n")}\n\n`)).toEqual(KEYS);
  });

  it.each([
    ["a.csv", "name,size\nx,1\n", /a\.csv: line 1: expected a column named key but received name,size$/],
    ["b.csv", "key,size\n,1\n", /b\.csv: line 2: expected a key but received ,1$/],
    ["e.csv", "key\na.jpg\nb\\c.jpg\n", /e\.csv: line 3: expected each backslash twice but received b\\c\.jpg$/],
    ["f.csv", "key\nb\\\\\\c.jpg\n", /f\.csv: line 2: expected each backslash twice but received b\\{3}c\.jpg$/],
    ["c.jsonl", '{"key":"a"}\n{"Key":"b"}\n', /c\.jsonl: line 2: expected a key but received \{"Key":"b"\}$/],
    ["d.jsonl", "a.jpg\n", /d\.jsonl: line 1: expected a key but received a\.jpg$/],
  ])("refuses %s with its line", async (name, text, message) => {
    await expect(keysIn(name, text)).rejects.toThrow(message);
  });

  it("refuses another kind of file", () => {
    expect(() => new KeyList(new S3Client({}), "s3://b/keys.txt")).toThrow(
      "--keys: expected a list ending in .csv or .jsonl but received s3://b/keys.txt",
    );
  });
});

describe("what was found", () => {
  it("is counted by extension, without folder markers and empty objects", () => {
    const found = new FoundPictures();
    for (const [key, bytes] of [
      ["a/", 0],
      ["a/1.JPG", 5],
      ["a/2.jpg", 7],
      ["b/3.png", 1],
      ["b/none", 2],
      ["c.jpg", 0],
    ] as const)
      found.add({ key, bytes });
    expect(found.total).toBe(4);
    expect(found.byExtension.map(({ extension, count, bytes }) => [extension, count, bytes])).toEqual([
      [".jpg", 2, 12],
      [".png", 1, 1],
      ["(none)", 1, 2],
    ]);
  });

  it("says no bytes where one of a list is of unknown size", () => {
    const found = new FoundPictures();
    found.add({ key: "a.jpg" });
    expect(found.byExtension[0]?.bytes).toBeUndefined();
  });

  it("keeps samples from all of the listing, each with about the same chance", () => {
    const thirds = [0, 0, 0];
    for (let time = 0; time < 200; time += 1) {
      const found = new FoundPictures();
      for (let index = 0; index < 300; index += 1) found.add({ key: `${index}.jpg`, bytes: 1 });
      for (const { key } of found.byExtension[0]?.samples ?? []) {
        const third = Math.floor(Number.parseInt(key, 10) / 100);
        thirds[third] = (thirds[third] ?? 0) + 1;
      }
    }
    const all = thirds.reduce((sum, count) => sum + count, 0);
    expect(all).toBe(200 * 24);
    // 1,600 each; their standard deviation is 33.
    for (const count of thirds) expect(Math.abs(count - all / 3)).toBeLessThan(250);
  });

  it("counts extensions past the fiftieth together, however many there are", () => {
    const found = new FoundPictures();
    for (let index = 0; index < 10_000; index += 1) found.add({ key: `a.x${index}`, bytes: 1 });
    expect(found.byExtension).toHaveLength(51);
    expect(found.byExtension[0]).toMatchObject({ extension: "(others)", count: 9_950 });
  });
});

describe("the line of progress", () => {
  const progress = { status: "RUNNING", succeeded: 980, failed: 20, total: 2_000, maxConcurrency: 4 };

  it("has the rate of the last minute and the time that is left", () => {
    const pace = new RecentRate(60_000);
    for (let second = 0; second <= 100; second += 1) pace.after(second < 50 ? 0 : (second - 50) * 20, second * 1_000);
    expect(progressLine({ ...progress, succeeded: 1_000 }, pace, 10_000, 101_000)).toBe(
      "done 1,000 of 10,000, failed 20, 17.0 a second, 9 min left",
    );
  });

  it("says that more may be found where nobody has counted", () => {
    expect(progressLine(progress, new RecentRate(60_000), undefined, 0)).toBe(
      "done 980 of 2,000 found so far, failed 20, 0.0 a second",
    );
  });

  it.each([
    [0.2, "1 s"],
    [119, "119 s"],
    [121, "3 min"],
    [3 * 3_600, "3.0 h"],
    [10 * 86_400, "10.0 days"],
  ])("says %d seconds as %s", (seconds, text) => expect(duration(seconds)).toBe(text));
});

describe("the results", () => {
  const arn = "arn:aws:states:eu-west-1:1:mapRun:m/bucket:0a1b";
  const failed = (
    key: string,
    StopDate: string,
    more: object = { Error: "NotAnImage", Cause: "Expected, a picture" },
  ) => JSON.stringify({ Input: JSON.stringify({ request: { fileName: key } }), Status: "FAILED", StopDate, ...more });
  const objects: Record<string, string> = {
    "results/0a1b/manifest.json": JSON.stringify({
      ResultFiles: {
        FAILED: [{ Key: "f0" }, { Key: "f1" }],
        PENDING: [],
        SUCCEEDED: [{ Key: "s0" }],
      },
    }),
    f0: `${failed("old.jpg", "2026-01-01T00:00:00Z")}\n`,
    f1: `${failed("a, b.jpg", "2026-01-03T00:00:00Z")}\n${failed("late.jpg", "2026-01-03T00:00:00Z", { Status: "TIMED_OUT" })}\n`,
    s0: '["thumbnail","card"]\n[]\n["card"]\n',
  };
  const s3 = new S3Client({});
  beforeEach(() => {
    jest.spyOn(s3, "send").mockImplementation(async (command: unknown) => {
      const key = command instanceof GetObjectCommand ? (command.input.Key ?? "") : "";
      const text = objects[key];
      if (text === undefined) throw new NoSuchKey({ message: "none", $metadata: {} });
      return { Body: Object.assign(Readable.from([Buffer.from(text)]), { transformToString: async () => text }) };
    });
  });

  it("are counted, and what failed before a redrive was tried again", async () => {
    const csvFile = join(folder, "failures.csv");
    const results = await readResults(s3, "b", arn, { since: new Date("2026-01-02T00:00:00Z"), csvFile });
    expect(results).toEqual({
      failures: new Map([
        ["NotAnImage", 1],
        ["TIMED_OUT", 1],
      ]),
      made: new Map([
        ["thumbnail", 1],
        ["card", 2],
      ]),
      complete: 1,
    });
    expect(readFileSync(csvFile, "utf8")).toBe(
      'key,error,cause\n"a, b.jpg",NotAnImage,"Expected, a picture"\nlate.jpg,TIMED_OUT,\n',
    );
  });

  it.each([
    ["none were written", undefined],
    ["there is an empty manifest, as before a run", ""],
    ["there is a manifest that says nothing of results", '{"DestinationBucket":"b","MapRunArn":"m"}'],
  ])("are none where %s", async (_, manifest) => {
    if (manifest !== undefined) objects["results/0a1b2/manifest.json"] = manifest;
    const csvFile = join(folder, "none.csv");
    expect(await readResults(s3, "b", `${arn}2`, { since: undefined, csvFile })).toBeUndefined();
  });

  it("are those of the kinds that the manifest has", async () => {
    objects["results/0a1b3/manifest.json"] = '{"ResultFiles":{"SUCCEEDED":[{"Key":"s0"}]}}';
    const results = await readResults(s3, "b", `${arn}3`, { since: undefined, csvFile: join(folder, "none.csv") });
    expect([results?.failures.size, results?.complete]).toEqual([0, 1]);
  });
});

describe("the command line", () => {
  const environment = anEnvironment({
    renditions: {
      ...anEnvironment().renditions,
      ...Object.fromEntries(
        Array.from(
          { length: 11 },
          (_, index) => [`r${index}`, { width: 9, height: 9, fit: "inside", format: "webp" }] as const,
        ),
      ),
    },
  });
  const command = backfillCommand(() => environment);
  const eleven = Array.from({ length: 11 }, (_, index) => `r${index}`).join();

  it.each<[readonly string[], string]>([
    [["--watch", "--stop"], "expected one of --watch and --stop"],
    [["--redrive", "--prefix", "a"], "expected no --prefix beside --redrive"],
    [["--stop", "--dry-run"], "expected no --dry-run beside --stop"],
    [["--prefix", "a", "--keys", "b.csv"], "expected one of --prefix and --keys"],
    [["--renditions", "thumbnail,big"], "--renditions: expected names of thumbnail, thumb, r0, "],
    [["--renditions", ""], "but received nothing"],
    [["--renditions", "thumb,thumb"], "--renditions: expected each name once but received thumb,thumb"],
    [
      ["--renditions", eleven],
      "--renditions: expected at most 10, which is what one request makes, but received 11: run it once for each 10",
    ],
  ])("refuses %j", async (args, message) => {
    const run = async () => command.run(given(command, args));
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run()).rejects.toThrow(message);
  });

  it("says what to write where the environment has no backfill", async () => {
    await expect(async () => command.run(given(command, ["--yes"]))).rejects.toThrow(
      "--env: test has no backfill: expected one such as backfill: { maxConcurrency: 40 } in environments/test.ts, deployed",
    );
  });
});
