import { readFileSync } from "node:fs";
import { join } from "node:path";
import { asMarkdown } from "@image-pipeline/command";
import { LIST_PRICES } from "@image-pipeline/price-list";
import { prod } from "../../environments/prod";
import { type CostSettings, costTable, estimateCost, type Workload } from "../../operations/estimate-cost";
import { anEnvironment } from "../support/an-environment";

const MILLION = { pictures: 1_000_000, renditionsEach: 3, megabytesEach: 3 };

const dollars = (settings: Partial<CostSettings>, workload: Partial<Workload> = {}) =>
  Object.fromEntries(
    estimateCost({ ...anEnvironment(), ...settings }, { ...MILLION, ...workload }).map((part) => [part.part, part]),
  );

describe("the cost of pictures", () => {
  it("is what docs/cost.md says", () => {
    const page = readFileSync(join(__dirname, "../../docs/cost.md"), "utf8");
    expect(page).toContain(asMarkdown(costTable(MILLION, estimateCost(prod, MILLION))));
  });

  it("is four transitions a picture, or an Express request and its time", () => {
    const part = dollars({})["Step Functions"];
    expect(part?.dollars).toBeCloseTo(100);
    expect(part?.backfillDollars).toBeGreaterThan(1);
    expect(part?.backfillDollars).toBeLessThan(3);
  });

  it("grows in proportion to the pictures", () => {
    const once = estimateCost(anEnvironment(), MILLION);
    const tenfold = estimateCost(anEnvironment(), { ...MILLION, pictures: 10_000_000 });
    expect(tenfold.map((part) => part.dollars / 10)).toEqual(once.map((part) => expect.closeTo(part.dollars)));
  });

  it("has a PUT for each rendition", () => {
    const difference =
      (dollars({}, { renditionsEach: 5 })["S3 requests"]?.dollars ?? 0) - (dollars({})["S3 requests"]?.dollars ?? 0);
    expect(difference).toBeCloseTo(2 * MILLION.pictures * LIST_PRICES.s3Put);
  });

  it.each<[string, Partial<CostSettings>]>([
    ["x86_64", { architecture: "x86_64" }],
    ["more memory than a processor's", { functionMemoryMb: 3_538 }],
    ["larger presets", { renditions: { large: { width: 4_096, height: 4_096, fit: "inside", format: "webp" } } }],
  ])("is more for Lambda with %s", (_, settings) => {
    const least = dollars({ architecture: "arm64", functionMemoryMb: 1_769 }).Lambda?.dollars;
    expect(dollars({ architecture: "arm64", functionMemoryMb: 1_769, ...settings }).Lambda?.dollars).toBeGreaterThan(
      least ?? Number.POSITIVE_INFINITY,
    );
  });

  it.each([
    [true, "S3's event of each upload"],
    [false, "a request to the HTTP API each"],
  ])("counts what starts an execution where resizeOnUpload is %s", (resizeOnUpload, from) => {
    expect(dollars({ resizeOnUpload }).starts).toMatchObject({ from, backfillDollars: 0 });
  });
});
