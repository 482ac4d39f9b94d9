/**
 * Functions run in the Node that runs this program, so it has to be the one Lambda gives them. Returns what is wrong, in
 * one line, or undefined.
 */
export function wrongNode(runtime: string, nodeVersion: string): string | undefined {
  const wanted = /^nodejs(\d+)\.x$/.exec(runtime)?.[1];
  const major = nodeVersion.split(".")[0];
  if (wanted === undefined) return `expected a Node runtime such as nodejs24.x but the function has ${runtime}`;
  if (major === wanted) return undefined;
  return `the function runs on Node ${wanted} (${runtime}) and this is Node ${nodeVersion}: use \`npm start\`, which puts the project's own Node ${wanted} first; if it is missing, run \`npm ci\` without --omit=optional`;
}
