import { environmentFaults } from "../../../environments/environment";
import { renditionKey } from "../../../handlers/resize-image/renditions";
import { anEnvironment } from "../../support/an-environment";

const FORMATS = ["source", "jpeg", "png", "webp", "avif", "gif"] as const;

describe("renditionKey", () => {
  it.each([
    ["photo.jpg", "source", "card-photo.jpg"],
    ["2026/05/photo.JPEG", "source", "2026/05/card-photo.JPEG"],
    ["a/photo.jpg", "webp", "a/card-photo.jpg.webp"],
    ["a/photo.webp", "webp", "a/card-photo.webp.webp"],
    ["a.b/photo.PNG", "jpeg", "a.b/card-photo.PNG.jpg"],
    ["photo", "avif", "card-photo.avif"],
    [".jpg", "gif", "card-.jpg.gif"],
    ["really-a-png.jpg", "png", "card-really-a-png.jpg.png"],
  ] as const)("of %s as %s is %s", (key, format, expected) => {
    expect(renditionKey(key, "card", { format })).toBe(expected);
  });

  it("gives no two sources or presets one key, whatever presets the validator lets pass", () => {
    const parts = ["a", "-", ".webp", "/", "x-", ".jpg"];
    const keys = parts.flatMap((one) => parts.flatMap((two) => parts.map((three) => `k${one}${two}${three}k`)));
    const sources = [
      ...new Set([...keys, ...keys.map((key) => key.slice(0, -1)), "a", "a-a", "a-a-a", "a.webp"]),
    ].filter((key) => !key.endsWith("/"));
    const names = ["k", "k-a", "ka", "k--", "x", "x-k", "a", "a-a", "1", "thumb-1", "thumbnail-a"];
    const isAccepted = (one: string, other: string) => {
      const { renditions } = anEnvironment();
      const presets = { ...renditions, [one]: renditions.thumb, [other]: renditions.thumb };
      return environmentFaults({ ...anEnvironment(), renditions: presets }, "test").length === 0;
    };
    const pairs = names.flatMap((one) => names.filter((other) => one !== other).map((other) => [one, other] as const));
    const accepted = pairs.filter(([one, other]) => isAccepted(one, other));
    expect(accepted.length).toBeGreaterThan(10);
    expect(accepted.length).toBeLessThan(pairs.length);

    for (const [one, other] of accepted) {
      for (const format of FORMATS) {
        for (const otherFormat of FORMATS) {
          const made = [
            ...sources.map((key) => renditionKey(key, one, { format })),
            ...sources.map((key) => renditionKey(key, other, { format: otherFormat })),
          ];
          expect(new Set(made).size).toBe(made.length);
        }
      }
    }
  });

  it("refuses a key that its prefix makes too long for S3", () => {
    expect(() => renditionKey("x".repeat(1020), "card", { format: "source" })).toThrow(
      "Expected 1 to 1024 bytes for the key of card but received 1025",
    );
  });
});
