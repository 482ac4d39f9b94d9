import { seededRandom } from "../../../bench/seeded-random";
import { FakeS3 } from "../../support/fake-s3";
import { FunctionProcess } from "../../support/function-process";
import { bombs, corrupted, goodPictures, NOT_PICTURES } from "../../support/hostile-files";
import { aConfig, environmentOf } from "../../support/rendition-presets";

const config = aConfig({
  card: { width: 64, height: 64, fit: "cover", format: "webp", position: "attention" },
  moving: { width: 64, height: 64, fit: "inside", format: "webp", animated: true },
});
const s3 = new FakeS3();
let lambda: FunctionProcess;
let good: Map<string, Buffer>;

beforeAll(async () => {
  lambda = await FunctionProcess.start(await s3.start(), environmentOf(config));
  good = await goodPictures();
}, 120_000);

afterAll(async () => {
  await lambda.stop();
  await s3.stop();
});

const REFUSALS = [
  "CorruptImage",
  "NotAnImage",
  "SourceEmpty",
  "UnsupportedFormat",
  "TooManyPixels",
  "DimensionsTooLarge",
];

/** Throws a file at the function and then a good picture; gives what came of the first. */
async function outcomeOf(file: Buffer, renditions = ["thumb", "card", "moving"]): Promise<string> {
  s3.put(config.originalBucket, "hostile", file);
  const { returned, thrown } = await lambda.invoke({ key: "hostile", renditions });
  s3.put(config.originalBucket, "good.png", good.get("plain.png") ?? Buffer.alloc(0));
  expect(await lambda.invoke({ key: "good.png" })).toMatchObject({ returned: { status: "SUCCESS" } });
  if (thrown || typeof returned !== "object" || returned === null) throw new Error(`Thrown: ${JSON.stringify(thrown)}`);
  return "Error" in returned ? String(returned.Error) : "SUCCESS";
}

describe("the deployed function, and the process it runs in, outlives", () => {
  it.each([...NOT_PICTURES])("%s", async (_, [file, refusal]) => {
    expect(await outcomeOf(file)).toBe(refusal);
  });

  it("pictures cut off at any place, of every kind", async () => {
    for (const [name, file] of good) {
      for (let part = 1; part < 16; part++) {
        const outcome = await outcomeOf(file.subarray(0, Math.floor((file.length * part) / 16)));
        expect([name, part, outcome]).toEqual([name, part, expect.stringMatching(`^(${REFUSALS.join("|")}|SUCCESS)$`)]);
      }
    }
  }, 120_000);

  it("pictures with changed bytes, hundreds of them, of every kind", async () => {
    const random = seededRandom(4);
    for (const [name, file] of good) {
      for (let round = 0; round < 30; round++) {
        const outcome = await outcomeOf(corrupted(file, random));
        expect([name, round, outcome]).toEqual([
          name,
          round,
          expect.stringMatching(`^(${REFUSALS.join("|")}|SUCCESS)$`),
        ]);
      }
    }
  }, 120_000);

  it("bombs, each refused by name", async () => {
    for (const [name, [file, refusal]] of bombs(good)) {
      const outcome = await outcomeOf(file);
      if (refusal !== "any") expect([name, outcome]).toEqual([name, refusal]);
    }
    expect(lambda.alive).toBe(true);
  }, 60_000);

  it("every kind of picture under every kind of name", async () => {
    for (const [name, file] of good) {
      for (const extension of ["jpg", "png", "gif", "txt", ""]) {
        s3.put(config.originalBucket, `wrong.${extension}`, file);
        const { returned } = await lambda.invoke({ key: `wrong.${extension}` });
        expect([name, returned]).toEqual([name, expect.objectContaining({ resized_key: `thumb-wrong.${extension}` })]);
      }
    }
  }, 60_000);
});

describe("the memory of the deployed function", () => {
  const HALF_OF_ITS_MEMORY_BYTES = 512 * 1024 * 1024;

  it("stays below half of what it has, bombs and all", async () => {
    for (const [file] of bombs(good).values()) await outcomeOf(file);
    const { peakBytes } = await lambda.invoke({ key: "good.png" });
    expect(peakBytes).toBeLessThan(HALF_OF_ITS_MEMORY_BYTES);
  }, 60_000);
});

describe("a picture that is cut off", () => {
  it.each(["baseline.jpg", "progressive.jpg", "plain.png", "lossy.webp", "still.avif", "still.gif", "deflate.tiff"])(
    "in the middle is refused: %s",
    async (name) => {
      const file = good.get(name) ?? Buffer.alloc(0);
      expect(await outcomeOf(file.subarray(0, file.length / 2), ["thumb"])).toBe("CorruptImage");
    },
  );
});
