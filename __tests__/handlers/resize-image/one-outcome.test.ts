import { seededRandom } from "../../../bench/seeded-random";
import type { RenditionPreset } from "../../../handlers/resize-image/config";
import { StorageUnavailable } from "../../../handlers/resize-image/errors";
import { failed } from "../../../handlers/resize-image/outcome";
import { parseRequest } from "../../../handlers/resize-image/request";
import { corrupted, goodPictures } from "../../support/hostile-files";
import { renderAll } from "../../support/rendering";
import { aConfig } from "../../support/rendition-presets";

const ONE = [{}];
const FIVE: readonly Partial<RenditionPreset>[] = [
  {},
  { width: 64, height: 64, fit: "cover", format: "webp" },
  { width: 1000, height: 1000, format: "jpeg" },
  { width: 320, height: 320, format: "png" },
  { width: 200, height: 100, format: "avif" },
];

async function outcomeOf(file: Buffer, presets: readonly Partial<RenditionPreset>[]): Promise<string> {
  return renderAll(file, presets).then(
    () => "SUCCESS",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );
}

describe("the outcome of a hostile file", () => {
  const random = seededRandom(9);
  const ways: ReadonlyArray<readonly [string, (file: Buffer, round: number) => Buffer]> = [
    ["cut off", (file, round) => file.subarray(0, Math.floor((file.length * (round + 1)) / 16))],
    ["changed", (file) => corrupted(file, random)],
  ];

  it.each(ways)(
    "is the same for one preset and for five when the file is %s",
    async (_, harm) => {
      for (const [name, file] of await goodPictures()) {
        for (let round = 0; round < 15; round++) {
          const harmed = harm(file, round);
          const one = await outcomeOf(harmed, ONE);
          expect([name, round, one]).toEqual([name, round, await outcomeOf(harmed, FIVE)]);
        }
      }
    },
    60_000,
  );
});

describe("a failure", () => {
  it("that is a defect of the function is an InternalError, and no stack trace", () => {
    expect(failed(new TypeError("x is not a function"))).toEqual({
      status: "FAILED",
      success: false,
      Error: "InternalError",
      Cause: "Expected the request to be served but the function failed: TypeError: x is not a function",
    });
  });

  it.each([299, 300, 5_000])("shows the beginning and the end of a cause of %d characters", (length) => {
    const { Cause } = failed(new StorageUnavailable(`begins ${"😀".repeat(length)} and ends`));
    expect(Cause.length).toBeLessThan(300);
    expect(Cause).toMatch(/begins .*….* and ends$/);
    expect(Cause.isWellFormed()).toBe(true);
  });

  it.each([
    ["lists", "[", "]", "a list"],
    ["objects", '{"a":', "}", "an object"],
  ])("says so when %s are nested a hundred thousand deep", (_, open, close, kind) => {
    const event: unknown = JSON.parse(`${open.repeat(100_000)}1${close.repeat(100_000)}`);
    const refused = (body: unknown) => {
      try {
        return parseRequest(body, aConfig());
      } catch (error) {
        return failed(error);
      }
    };
    const inField = expect.stringMatching(new RegExp(`received ${kind} nested too deeply to show$`));
    expect(refused({ key: event })).toMatchObject({ Error: "InvalidRequest", Cause: inField });
    expect(refused({ key: "a.jpg", renditions: event })).toMatchObject({ Error: "InvalidRequest" });
    expect(refused(event)).toMatchObject({ Error: "InvalidRequest" });
  });
});
