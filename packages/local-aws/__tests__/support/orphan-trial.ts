/** Starts a sandbox that keeps its thread busy for ever, prints its process id, and kills itself without a word. */
import { mkdtemp, readFile } from "node:fs/promises";
import { functionOf } from "./function-of";

async function main(): Promise<void> {
  const folder = await mkdtemp(`${process.argv[2]}/orphan-`);
  const { fn } = await functionOf("exports.handler = () => { for (;;); }", folder, "busy", { timeoutSeconds: 900 });
  fn.invoke("{}").catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1500));
  process.stdout.write(await readFile(`/proc/${process.pid}/task/${process.pid}/children`, "utf8"), () =>
    process.kill(process.pid, "SIGKILL"),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
