import { spawn } from "node:child_process";

// A parent npm hands its own settings down as npm_config_*: a `--dry-run`, `--global` or `--omit=optional` meant for it
// would spoil this install. What says where packages come from is kept, the rest is not.
const KEPT_NPM_SETTINGS =
  /^npm_config_(registry|.*:registry|\/\/.*|cache|userconfig|globalconfig|(https?_|no)?_?proxy|noproxy|cafile|ca|strict_ssl|fetch_.*|offline|prefer_offline)$/i;

/**
 * Installs exactly what the lockfile in `folder` says, without running any script of a package.
 * @throws NpmCiError with the first lines npm printed, when it fails or is not there
 */
export function npmCi(folder: string, flags: readonly string[], environment = process.env): Promise<void> {
  const settings = ["--ignore-scripts", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];
  return new Promise((resolve, reject) => {
    const child = spawn("npm", ["ci", ...settings, ...flags], {
      cwd: folder,
      env: withoutParentSettings(environment),
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const collect = (chunk: Buffer) => {
      output += chunk.toString();
    };
    child.stdout.on("data", collect);
    child.stderr.on("data", collect);
    child.once("error", (cause) => reject(new NpmCiError(`npm could not be started (${cause.message})`, cause)));
    child.once("close", (code, signal) => {
      if (code === 0) return resolve();
      reject(new NpmCiError(`npm ended with ${signal ?? `exit code ${code}`}:\n${firstLines(output)}`));
    });
  });
}

/** The environment for an npm started by us, free of what the npm that started us was told. */
export function withoutParentSettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^npm_/i.test(name) || KEPT_NPM_SETTINGS.test(name)),
  );
}

/** `npm ci` did not install; the message says what npm said and what to try. */
export class NpmCiError extends Error {
  override readonly name = "NpmCiError";

  constructor(what: string, cause?: unknown) {
    super(
      `Expected \`npm ci\` to install the packages of the sharp layer, but ${what}\n` +
        "They come from the npm registry the first time: check the network, and the registry in .npmrc.",
      { cause },
    );
  }
}

const SHOWN_LINES = 8; // npm says what is wrong first, then how to report it.

function firstLines(output: string): string {
  return output.split("\n").slice(0, SHOWN_LINES).join("\n");
}
