import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findArtifact, writeArtifact } from "../../packaging/artifact";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "artifact-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("an artifact", () => {
  it("is found again with the hash it was written with", async () => {
    const path = join(folder, "new folder", "a.zip");
    const written = await writeArtifact(path, Buffer.from("zip"));
    expect(written).toEqual({ path, sha256Base64: "SnD+mqZDbgLC3qNA+9HjUuTvLYzmylKtJdS5VHH8i/I=" });
    expect(await findArtifact(path)).toEqual(written);
  });

  it("is not found before it was built", async () => {
    expect(await findArtifact(join(folder, "a.zip"))).toBeUndefined();
  });

  it("is whole when several builds write it at once", async () => {
    const path = join(folder, "a.zip");
    await Promise.all(Array.from({ length: 8 }, () => writeArtifact(path, Buffer.from("zip"))));
    expect(readFileSync(path, "utf8")).toBe("zip");
    expect(readdirSync(folder)).toEqual(["a.zip"]);
  });
});
