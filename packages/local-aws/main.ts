import { basename, join, resolve } from "node:path";
import { runCommand } from "@image-pipeline/command";
import { buildSharpLayer } from "../../packaging/sharp-layer";
import { createCodeFolder, removeCodeFolder } from "./code-folder";
import { LineOutput } from "./line-output";
import { refusePortInUse } from "./listen";
import { timestampedLog } from "./log";
import { tooOldNode } from "./node-runtime";
import { HELP, OPTIONS, type StartOptions, startOptions } from "./options";
import { awsEnvironment, RunFiles } from "./run-files";
import { startRunner } from "./runner";
import type { LayerResource } from "./stack/stack-model";
import { synthesize } from "./synthesize";
import { thisMachine } from "./this-machine";

const PROJECT_FOLDER = join(__dirname, "..", "..");

async function start(options: StartOptions): Promise<void> {
  const oldNode = tooOldNode(process.versions.node);
  if (oldNode !== undefined) throw new Error(oldNode);
  const output = new LineOutput(process.stdout);
  process.once("exit", () => output.flush());
  const cut = process.stdout.isTTY === true && !options.verbose;
  const log = timestampedLog((line) => output.write(line), { cut });
  const stop = new AbortController();
  const stopped = stopRequested().then((signal) => {
    stop.abort();
    return signal;
  });
  // Before anything is built: whoever has to choose another port should not wait for that.
  await refusePortInUse(options.port, "--port");
  await refusePortInUse(options.awsPort, "--aws-port");
  if (options.deliveryPort !== "usual") await refusePortInUse(options.deliveryPort, "--delivery-port");
  if (options.consolePort !== "usual") await refusePortInUse(options.consolePort, "--console-port");
  const runFiles = new RunFiles(resolve(PROJECT_FOLDER, options.out));
  const codeFolder = await createCodeFolder();
  try {
    if (options.stack === undefined) log("runner", "building and synthesizing ...");
    const [stackPath] = await Promise.all([
      options.stack ?? synthesize(PROJECT_FOLDER, options.environment, stop.signal),
      buildSharpLayer(thisMachine()),
    ]);
    log("runner", `starting ${stackPath}`);
    const runner = await startRunner({ ...options, stackPath, codeFolder, layerZip, log });
    const other = await runFiles.write(runner);
    if (other !== undefined) {
      log(
        "runner",
        `${options.out} described another run, at ${other}; now it describes this one (--out keeps them apart)`,
      );
    }
    log("runner", `HTTP API      ${runner.apiUrl}`);
    log("runner", `AWS endpoint  ${runner.awsUrl}`);
    log("runner", `delivery      ${runner.deliveryUrl ?? "off; docs/delivery.md says how to have it"}`);
    log("runner", `console       ${runner.consoleUrl}`);
    for (const [name, value] of Object.entries(awsEnvironment(runner))) {
      if (value !== "") log("runner", `  ${name}=${value}`);
    }
    log("runner", "ready; Ctrl-C stops");
    log("runner", `${await stopped}: stopping`);
    await runner.stop();
    log("runner", "stopped");
  } catch (error) {
    // What was under way when it was asked to stop may have failed for that reason alone.
    if (!stop.signal.aborted) throw error;
  } finally {
    await runFiles.remove();
    await removeCodeFolder(codeFolder);
  }
}

// A terminal signals npm and the runner alike, and npm passes it on: for a moment, more of the same is one Ctrl-C.
const ECHO_MS = 1000;

/** Settles with the name of the first signal. A later one ends the program at once. */
function stopRequested(): Promise<string> {
  return new Promise((resolve) => {
    let firstAt: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (firstAt !== undefined && Date.now() - firstAt > ECHO_MS) process.exit(1);
        firstAt ??= Date.now();
        resolve(signal);
      });
    }
  });
}

/** The sharp layer for this machine in the place of the one for Lambda's; any other layer as it is. */
async function layerZip({ zipPath }: LayerResource): Promise<string> {
  if (!basename(zipPath).startsWith("sharp-layer-")) return zipPath;
  return (await buildSharpLayer(thisMachine())).path;
}

runCommand({ name: "npm start", help: HELP, options: OPTIONS, run: (given) => start(startOptions(given)) }).then(() =>
  // What a failed start has left open must not keep it alive.
  process.exit(),
);
