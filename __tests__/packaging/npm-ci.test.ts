import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmCi, withoutParentSettings } from "../../packaging/npm-ci";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "npm-ci-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("npmCi", () => {
  it("says what npm said and what to check when the registry is out of reach", async () => {
    const manifest = { name: "layer", dependencies: { sharp: "0.35.5" } };
    const sharp = { version: "0.35.5", integrity: `sha512-${"A".repeat(86)}==` };
    const lock = { name: "layer", lockfileVersion: 3, packages: { "": manifest, "node_modules/sharp": sharp } };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
    const offline = { ...process.env, npm_config_registry: "http://127.0.0.1:9/", npm_config_fetch_retries: "0" };
    await expect(npmCi(folder, [], offline)).rejects.toThrow(
      /^Expected `npm ci` to install the packages of the sharp layer, but npm ended with exit code 1:\n.*ECONNREFUSED.*check the network, and the registry/s,
    );
  });

  it("runs no scripts and leaves out no optional package, which sharp's own binaries are", async () => {
    writeFileSync(join(folder, "npm"), '#!/bin/sh\necho "received $*"\nexit 1\n', { mode: 0o755 });
    const withOwnNpm = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
    await expect(npmCi(folder, ["--os=linux"], withOwnNpm)).rejects.toThrow(
      /received ci --ignore-scripts --include=optional .* --os=linux/,
    );
  });

  it("says so when there is no npm", async () => {
    await expect(npmCi(folder, [], { PATH: folder })).rejects.toThrow("npm could not be started (spawn npm ENOENT)");
  });

  it("refuses to install without a lockfile", async () => {
    writeFileSync(join(folder, "package.json"), "{}");
    await expect(npmCi(folder, [])).rejects.toThrow("existing package-lock.json");
  });
});

describe("withoutParentSettings", () => {
  it.each(["npm_config_omit", "npm_config_dry_run", "npm_config_global", "NPM_CONFIG_PREFIX", "npm_lifecycle_event"])(
    "drops %s, which was meant for the npm that started the build",
    (name) => {
      expect(withoutParentSettings({ [name]: "x" })).toEqual({});
    },
  );

  it.each([
    "npm_config_registry",
    "npm_config_cache",
    "npm_config_userconfig",
    "npm_config_https_proxy",
    "npm_config_//registry.example/:_authToken",
    "PATH",
    "HOME",
  ])("keeps %s, which says where packages come from", (name) => {
    expect(withoutParentSettings({ [name]: "x" })).toEqual({ [name]: "x" });
  });
});
