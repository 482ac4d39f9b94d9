import { renditionKey } from "../../../handlers/resize-image/renditions";

describe("renditionKey", () => {
  it.each([
    ["photo.jpg", "jpeg", "jpeg", "card-photo.jpg"],
    ["2026/05/photo.JPEG", "jpeg", "jpeg", "2026/05/card-photo.JPEG"],
    ["photo.jpg", "jpeg", "webp", "card-photo.webp"],
    ["a.b/photo.PNG", "png", "jpeg", "a.b/card-photo.jpg"],
    ["photo", "jpeg", "avif", "card-photo.avif"],
    ["holiday.2026", "jpeg", "webp", "card-holiday.2026.webp"],
    ["really-a-png.jpg", "png", "png", "card-really-a-png.jpg"],
    [".jpg", "jpeg", "webp", "card-.jpg.webp"],
  ] as const)("of %s (%s) as %s is %s", (key, from, to, expected) => {
    expect(renditionKey(key, "card", from, to)).toBe(expected);
  });

  it("refuses a key that its prefix makes too long for S3", () => {
    expect(() => renditionKey("x".repeat(1020), "card", "jpeg", "jpeg")).toThrow(
      "Expected 1 to 1024 bytes for the key of card but received 1025",
    );
  });
});
