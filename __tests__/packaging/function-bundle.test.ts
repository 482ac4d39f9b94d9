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

  // Booleans, because a failed match would print all of the bundle.
  it("leaves sharp to the layer", () => {
    expect(bundle.includes('require("sharp")')).toBe(true);
  });

  it.each(["AssumeRoleWithWebIdentity", "sso-oidc", "AWS_CONTAINER_CREDENTIALS_FULL_URI"])(
    "leaves out credential providers that a function never uses (%s)",
    (trace) => {
      expect(bundle.includes(trace)).toBe(false);
    },
  );

  it("names no folder of the machine it was built on", () => {
    expect(bundle.includes(PROJECT)).toBe(false);
  });
});
