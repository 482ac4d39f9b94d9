import { existsSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { removeCodeFolder } from "../code-folder";
import { codeFolders, unpack } from "../lambda/function-code";

describe("unpack", () => {
  const folder = mkdtempSync(join(tmpdir(), "function-code-"));
  afterAll(() => removeCodeFolder(folder));

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

  it("lets nothing be written where the code lies", async () => {
    const code = codeFolders(join(folder, "read-only"));

    await unpack({ address, zipPath: zipOf("f.zip", { "lib/index.js": "" }), layers: [layer("a.zip", "a")] }, code);

    const writable = [code.taskFolder, code.layerFolder]
      .flatMap((root) => [
        root,
        ...readdirSync(root, { recursive: true, encoding: "utf8" }).map((name) => join(root, name)),
      ])
      .filter((path) => (statSync(path).mode & 0o222) !== 0);
    expect(writable).toEqual([]);
  });

  it("keeps programs programs", async () => {
    const code = codeFolders(join(folder, "programs"));
    const zipPath = join(folder, "programs.zip");
    const [unix, program] = [3, 0o100755 << 16];
    writeFileSync(zipPath, zipSync({ "bin/tool": [strToU8("#!/bin/sh"), { os: unix, attrs: program }] }));

    await unpack(
      {
        address,
        zipPath: zipOf("f.zip", { "index.js": "" }),
        layers: [{ address: "aws_lambda_layer_version.l", arn: "l", zipPath }],
      },
      code,
    );

    expect(statSync(join(code.layerFolder, "bin/tool")).mode & 0o111).toBe(0o111);
    expect(statSync(join(code.taskFolder, "index.js")).mode & 0o111).toBe(0);
  });

  it("can be removed, though it cannot be written", async () => {
    const inner = join(folder, "removed");
    await unpack({ address, zipPath: zipOf("f.zip", { "lib/index.js": "" }), layers: [] }, codeFolders(inner));

    await removeCodeFolder(inner);

    expect(existsSync(inner)).toBe(false);
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
