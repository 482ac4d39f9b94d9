import { sourceMetadata } from "../../../handlers/resize-image/source-metadata";

const PLACEHOLDER = { hash: "1DgGDoILwEqym5rIrHpnaomcCMOrYKs=", color: "#2a2726" };

describe("sourceMetadata", () => {
  it("names the source's key, ETag and version, its placeholder and colour, and the rendition", () => {
    expect(sourceMetadata({ key: "a/фото 1.jpg", etag: '"e"', versionId: "v1" }, PLACEHOLDER, "card")).toEqual({
      "source-key": "a%2F%D1%84%D0%BE%D1%82%D0%BE%201.jpg",
      "source-etag": '"e"',
      "source-version": "v1",
      "source-placeholder": PLACEHOLDER.hash,
      "source-color": PLACEHOLDER.color,
      rendition: "card",
    });
  });

  it("leaves the version out where the bucket keeps none", () => {
    expect(sourceMetadata({ key: "a.jpg", etag: '"e"' }, PLACEHOLDER, "card")).not.toHaveProperty("source-version");
  });

  it("stays within the 2 KB that S3 takes, whatever the key", () => {
    const metadata = sourceMetadata(
      { key: "ф".repeat(512), etag: `"${"e".repeat(32)}"`, versionId: "v".repeat(32) },
      PLACEHOLDER,
      "card",
    );
    expect(Object.entries(metadata).flat().join("").length).toBeLessThan(2048);
    expect(Buffer.from(metadata["source-key-base64"] ?? "", "base64url").toString()).toBe("ф".repeat(512));
  });
});
