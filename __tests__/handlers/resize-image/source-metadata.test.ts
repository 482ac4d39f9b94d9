import { isMadeOf, sourceMetadata } from "../../../handlers/resize-image/source-metadata";
import { THUMBNAIL } from "../../support/rendition-presets";

const CARD = { name: "card", preset: THUMBNAIL };
const PLACEHOLDER = { hash: "1DgGDoILwEqym5rIrHpnaomcCMOrYKs=", color: "#2a2726" };

describe("sourceMetadata", () => {
  it("names the source's key, ETag and version, its placeholder and colour, the rendition and its preset", () => {
    expect(sourceMetadata({ key: "a/фото 1.jpg", etag: '"e"', versionId: "v1" }, PLACEHOLDER, CARD)).toEqual({
      "source-key": "a%2F%D1%84%D0%BE%D1%82%D0%BE%201.jpg",
      "source-etag": '"e"',
      "source-version": "v1",
      "source-placeholder": PLACEHOLDER.hash,
      "source-color": PLACEHOLDER.color,
      rendition: "card",
      "rendition-digest": expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it("leaves the version out where the bucket keeps none", () => {
    expect(sourceMetadata({ key: "a.jpg", etag: '"e"' }, PLACEHOLDER, CARD)).not.toHaveProperty("source-version");
  });

  it("stays within the 2 KB that S3 takes, whatever the key", () => {
    const metadata = sourceMetadata(
      { key: "ф".repeat(512), etag: `"${"e".repeat(32)}"`, versionId: "v".repeat(32) },
      PLACEHOLDER,
      CARD,
    );
    expect(Object.entries(metadata).flat().join("").length).toBeLessThan(2048);
    expect(Buffer.from(metadata["source-key-base64"] ?? "", "base64url").toString()).toBe("ф".repeat(512));
  });
});

describe("isMadeOf", () => {
  const MULTIPART = "9b2cf535f27731c974343645a3985328-3";
  const made = (etag: string) => sourceMetadata({ key: "a.jpg", etag }, PLACEHOLDER, CARD);

  it.each([
    ['"e"', '"e"'],
    ['"e"', "e"],
    ["e", '"e"'],
    ['"e"', 'W/"e"'],
    ['W/"e"', "e"],
    [`"${MULTIPART}"`, MULTIPART],
  ])("takes the ETag %s for the same as %s", (written, asked) => {
    expect(isMadeOf(made(written), asked, THUMBNAIL)).toBe(true);
  });

  it.each([
    ['"e"', '"f"'],
    ['"e"', '"E"'],
    [`"${MULTIPART}"`, MULTIPART.replace("-3", "-2")],
    [`"${MULTIPART}"`, MULTIPART.replace("-3", "")],
  ])("tells the ETag %s from %s", (written, asked) => {
    expect(isMadeOf(made(written), asked, THUMBNAIL)).toBe(false);
  });

  it("tells another preset, and what has no metadata or no digest", () => {
    const { "rendition-digest": _, ...older } = made('"e"');
    expect(isMadeOf(made('"e"'), '"e"', { ...THUMBNAIL, width: 255 })).toBe(false);
    expect(isMadeOf(older, '"e"', THUMBNAIL)).toBe(false);
    expect(isMadeOf({}, '"e"', THUMBNAIL)).toBe(false);
  });
});
