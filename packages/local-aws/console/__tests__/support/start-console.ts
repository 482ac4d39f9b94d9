import { LocalProcess } from "../../../__tests__/support/local-process";

/** Runs a stack on free ports, and gives the address of its console, too. */
export async function startConsole(stackPath: string): Promise<{ readonly local: LocalProcess; readonly url: string }> {
  const local = new LocalProcess(["--stack", stackPath, "--port", "0", "--aws-port", "0", "--console-port", "0"]);
  await local.ready();
  const [, url] = /console +(http:\/\/127\.0\.0\.1:\d+)/.exec(local.output) ?? [];
  if (url === undefined) throw new Error(`expected the console's address but it said ${local.output}`);
  return { local, url };
}
