import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { LocalProcess } from "../../../__tests__/support/local-process";
import { synthesizeInto } from "../../../__tests__/support/local-project";
import { removeCodeFolder } from "../../../code-folder";
import { DRAWN } from "./drawn-pictures";
import { dropFiles, openBrowser, openPage } from "./open-page";

const DOCS = join(__dirname, "..", "..", "..", "..", "..", "docs");
const THEMES = ["light", "dark"] as const;

/** Takes the pictures of the docs, `docs/console-*.webp`, from a run of its own: `npx tsx <this file>`. */
async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "screenshots-"));
  const local = new LocalProcess([
    ...["--stack", await synthesizeInto(folder)],
    ...["--port", "0", "--aws-port", "0", "--console-port", "0"],
  ]);
  const browser = await openBrowser();
  try {
    await local.ready();
    const address = (name: string) => new RegExp(`${name} +(http://[\\d.:]+)`).exec(local.output)?.[1] ?? "";
    const url = address("console");
    const paths: string[] = [];
    for (const [name, draw] of Object.entries(DRAWN)) {
      paths.push(join(folder, name));
      writeFileSync(join(folder, name), await draw());
    }
    writeFileSync(join(folder, "broken.jpg"), "no picture");
    const { page } = await openPage(browser, url, {
      viewport: { width: 1360, height: 1000 },
      deviceScaleFactor: 1.5,
    });
    const executions = page.getByRole("list", { name: "Executions" });
    // The first in a cold sandbox, and those after it as they mostly are.
    await dropFiles(page, paths);
    await page.getByText("3 executions ended").waitFor();
    await dropFiles(page, [join(folder, "broken.jpg")]);
    await executions.getByText("NotAnImage").waitFor();
    const body = JSON.stringify({ key: "hills-at-dusk.jpg", renditions: ["thumb", "card", "large"] });
    await fetch(`${address("HTTP API")}/process`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const renditions = executions.getByRole("link", { name: /hills-at-dusk\.jpg.*thumb, card, large/ });
    await renditions.waitFor();

    const shoot = async (name: string) => {
      for (const colorScheme of THEMES) {
        await page.emulateMedia({ colorScheme });
        await page.waitForTimeout(300);
        const file = join(DOCS, `console-${name}${colorScheme}.webp`);
        const { size } = await sharp(await page.screenshot())
          .webp({ quality: 80, effort: 6 })
          .toFile(file);
        console.info(`${file}  ${Math.round(size / 1000)} kB`);
      }
    };
    await renditions.click();
    await page.getByRole("button", { name: "Compare card" }).waitFor();
    await page.waitForTimeout(600);
    await shoot("");
    await page.goto(`${url}/#/workshop/hills-at-dusk.jpg`);
    await page.getByRole("combobox", { name: "begin with" }).selectOption("card");
    await page.locator(".trial .facts").filter({ hasText: "640 × 360" }).waitFor();
    // Once more in a process that is warm by now.
    await page.getByRole("checkbox", { name: /^own quality/ }).check();
    await page.getByRole("slider", { name: "quality, drawn" }).fill("50");
    await page.getByText("quality: 50").waitFor();
    await page.waitForTimeout(2000);
    await shoot("workshop-");
  } finally {
    await browser.close();
    await local.end();
    await removeCodeFolder(folder);
  }
}

void main();
