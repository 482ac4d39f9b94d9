import type { LayerTarget } from "../../packaging/sharp-layer";

/** What the sharp layer has to be built for to run here. */
export function thisMachine(): LayerTarget {
  const { platform, arch } = process;
  if ((platform === "linux" || platform === "darwin") && (arch === "arm64" || arch === "x64")) {
    return { platform, arch };
  }
  throw new Error(`sharp is packaged for Linux and macOS on arm64 and x64, not for ${platform} on ${arch}`);
}
