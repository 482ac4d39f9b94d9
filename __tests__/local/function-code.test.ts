import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { codeFolders, unpack } from "../../local/lambda/function-code";

describe("unpack", () => {
  const folder = mkdtempSync(join(tmpdir(), "function-code-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const zipOf = (name: string, files: Readonly<Record<string, string>>) => {
    const path = join(folder, name);
    writeFileSync(
      path,
      zipSync(Object.fromEntries(Object.entries(files).map(([file, text]) => [file, strToU8(text)]))),
    );
    return path;
  };
  const layer = (name: string, text: string) => ({
    address: "aws_lambda_layer_version.l",
    arn: name,
    zipPath: zipOf(name, { "nodejs/shared.js": text }),
  });
  const address = "aws_lambda_function.f";

  it("lays a later layer over an earlier one", async () => {
    const code = codeFolders(join(folder, "layers"));

    await unpack(
      { address, zipPath: zipOf("f.zip", { "index.js": "" }), layers: [layer("a.zip", "a"), layer("b.zip", "b")] },
      code,
    );

    expect(readFileSync(join(code.layerFolder, "nodejs/shared.js"), "utf8")).toBe("b");
  });

  it("refuses a zip that reaches out of its folder, before it writes anything", async () => {
    const code = codeFolders(join(folder, "escape"));
    const zipPath = zipOf("escape.zip", { "index.js": "", "../../outside.js": "" });

    await expect(unpack({ address, zipPath, layers: [] }, code)).rejects.toThrow(
      `aws_lambda_function.f: the zip ${zipPath} holds a path that leaves its folder: ../../outside.js`,
    );
    expect(existsSync(code.taskFolder)).toBe(false);
  });

  it("says where it could not write", async () => {
    const file = zipOf("file.zip", { "index.js": "" });

    await expect(unpack({ address, zipPath: file, layers: [] }, codeFolders(file))).rejects.toThrow(
      /^aws_lambda_function\.f: could not unpack into \S+file\.zip\/task: .*ENOTDIR/,
    );
  });
});
