import fc from "fast-check";
import { faultsOf } from "../../../../environments/expectations";
import { renditions } from "../../../../environments/rendition";
import type { RenditionPreset } from "../../../../handlers/resize-image/config";
import { nameFault, type Preset, presetFaults } from "../preset";

const GOOD: Preset = { width: 1, height: 1, fit: "cover", format: "webp" };

/** What the validator of environments says of a preset, and of a name beside the two that each environment has. */
const said = (name: string, preset: unknown) =>
  faultsOf(renditions, { thumbnail: GOOD, thumb: GOOD, [name]: preset }, "").map(
    ({ path, expected, received }) =>
      `${path}: expected ${expected} but received ${typeof received === "number" ? received : (JSON.stringify(received) ?? "nothing")}`,
  );

/** Good and bad values of every field, and fields that nobody knows. */
const anything = fc.oneof(
  fc.constantFrom("inside", "cover", "source", "webp", "avif", "attention", "#ffffff", "#FFF", "", true, false, null),
  fc.integer({ min: -2, max: 5000 }),
  fc.double(),
  fc.constantFrom([], {}, [1]),
);
const preset = fc.record(
  {
    width: fc.oneof(fc.integer({ min: 1, max: 4096 }), anything),
    height: fc.oneof(fc.integer({ min: 1, max: 4096 }), anything),
    fit: fc.oneof(fc.constantFrom("inside", "cover"), anything),
    position: fc.oneof(fc.constantFrom("centre", "attention", "entropy"), anything),
    format: fc.oneof(fc.constantFrom("source", "jpeg", "png", "webp", "avif", "gif"), anything),
    quality: fc.oneof(fc.integer({ min: 1, max: 100 }), anything),
    background: fc.oneof(fc.stringMatching(/^#[0-9a-fA-F]{5,7}$/), anything),
    animated: fc.oneof(fc.boolean(), anything),
    enlarge: fc.oneof(fc.boolean(), anything),
    blur: anything,
  },
  { requiredKeys: [] },
);

describe("a preset of the workshop", () => {
  it("has the fields of the function's own", () => {
    const one: Required<RenditionPreset> = {
      width: 1,
      height: 1,
      fit: "cover",
      format: "webp",
      quality: 1,
      position: "centre",
      background: "#000000",
      animated: true,
      enlarge: true,
    };
    const other: Required<Preset> = one;
    const back: Required<RenditionPreset> = other;

    expect(presetFaults(back)).toEqual([]);
  });

  it("is right and wrong as an environment's validator says, in its words", () => {
    fc.assert(
      fc.property(preset, (value) => {
        const ours = presetFaults(value).map(({ field, message }) => `.try.${field}: ${message}`);
        expect(ours.toSorted()).toEqual(said("try", value).toSorted());
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([null, 5, "text", [[]]])("has to be an object, not %j", (value) => {
    expect(presetFaults(value)).toHaveLength(1);
    expect(said("try", value)).not.toEqual([]);
  });

  it.each(["hero", "a", "0", "thumb-2", "thumbnail-x", "-a", "A", "", "a_b", "a".repeat(32), "a".repeat(33), "thumbs"])(
    "has the name %j or not, as an environment's validator says",
    (name) => {
      expect(nameFault(name, ["thumbnail", "thumb"]) === undefined).toBe(said(name, GOOD).length === 0);
    },
  );

  it("cannot take a name that others begin with", () => {
    expect(nameFault("card", ["card-large"])).toBe(
      "expected no name of which card-large is one with a hyphen and more, for two renditions could share a key",
    );
  });
});
