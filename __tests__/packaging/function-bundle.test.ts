import { join } from "node:path";
import { bundleForLambda } from "../../packaging/function-bundle";

const PROJECT = join(__dirname, "..", "..");
const MAX_BUNDLE_BYTES = 400 * 1024;

describe("bundleForLambda", () => {
  let bundle: string;
  beforeAll(async () => {
    bundle = Buffer.from(await bundleForLambda(join(PROJECT, "handlers", "resize-image", "index.ts"))).toString();
  });

  it("stays within 400 KB, which Lambda reads on every cold start", () => {
    expect(bundle.length).toBeLessThan(MAX_BUNDLE_BYTES);
  });

  it("leaves sharp to the layer", () => {
    expect(bundle).toContain('require("sharp")');
  });

  it("leaves out credential providers that a function never uses", () => {
    expect(bundle).not.toContain("169.254.169.254");
    expect(bundle).not.toContain("AssumeRoleWithWebIdentity");
  });

  it("names no folder of the machine it was built on", () => {
    expect(bundle).not.toContain(PROJECT);
  });
});
