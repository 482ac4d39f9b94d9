import { existsSync, readFileSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";

/** Debian's; another one by CHROMIUM. */
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** A browser. @throws Error when there is none on this machine */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(CHROMIUM)) {
    throw new Error(`Expected Chromium at ${CHROMIUM} but there is none: apt-get install chromium, or set CHROMIUM`);
  }
  // Who is root, as in a container, has no sandbox of the browser's own; /dev/shm is small there.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  return chromium.launch({ executablePath: CHROMIUM, args });
}

/** What a page has said and asked for that it should not. */
export interface Complaints {
  readonly all: string[];
}

/** A page that is watched: what it logs as an error, and each request that leaves its own origin. */
export async function openPage(
  browser: Browser,
  url: string,
  options: Parameters<Browser["newPage"]>[0] = {},
): Promise<{ readonly page: Page; readonly complaints: Complaints }> {
  const page = await browser.newPage({ viewport: { width: 1360, height: 900 }, ...options });
  const all: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) all.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => all.push(`error: ${error.message}`));
  page.on("request", (request) => {
    const asked = request.url();
    if (!asked.startsWith(`${url}/`) && !asked.startsWith("blob:")) all.push(`request: ${asked}`);
  });
  await page.goto(`${url}/`);
  await page.locator("#choose").waitFor();
  return { page, complaints: { all } };
}

/** Drops files on the page, as from a file manager. */
export async function dropFiles(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of ["dragEnter", "dragOver", "drop"] as const) {
    await session.send("Input.dispatchDragEvent", { type, x: 700, y: 400, data });
  }
  await session.detach();
}

const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds: rule, and the first elements that break it. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  // By the debugger, to which the page's policy for scripts does not apply.
  await page.evaluate(AXE);
  return page.evaluate<string[]>(`
    axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) =>
      violations.map(({ id, nodes }) => id + ": " + nodes.slice(0, 3).map(({ html, failureSummary }) => html + " " + failureSummary).join(" | ")))
  `);
}
