const ADVICE =
  "use `npm start`, which puts the project's own Node first; if that is missing, run `npm ci` without --omit=optional";

// What the S3 server and the state machine interpreter need to be loaded at all.
const OLDEST_NODE = 22;

/** Says that this Node cannot even load the runner, in one line, or undefined. */
export function tooOldNode(nodeVersion: string): string | undefined {
  const [major = ""] = nodeVersion.split(".");
  return Number(major) < OLDEST_NODE ? `this is Node ${nodeVersion}, too old to run the stack: ${ADVICE}` : undefined;
}

/**
 * Functions run in the Node that runs this program, so it has to be the one Lambda gives them. Returns what is wrong, in
 * one line, or undefined.
 */
export function wrongNode(runtime: string, nodeVersion: string): string | undefined {
  const wanted = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  const major = nodeVersion.split(".")[0];
  if (wanted === undefined) return `expected a Node runtime such as nodejs24.x but the function has ${runtime}`;
  if (major === wanted) return undefined;
  return `the function runs on Node ${wanted} (${runtime}) and this is Node ${nodeVersion}: ${ADVICE}`;
}
