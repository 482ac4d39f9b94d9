import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import type { LocalProcess } from "../../__tests__/support/local-process";
import { synthesizeInto } from "../../__tests__/support/local-project";
import { until } from "../../__tests__/support/until";
import { removeCodeFolder } from "../../code-folder";
import { DRAWN } from "./support/drawn-pictures";
import { axeFaults, type Complaints, dropFiles, openBrowser, openPage } from "./support/open-page";
import { stackWithout } from "./support/stack-without";
import { startConsole } from "./support/start-console";

const MAX_PAGE_BYTES = 100_000; // The page, its script and its style, as they are sent.

/** A view with nearly all that can be used. */
const TRIAL = "workshop/hills-at-dusk.jpg";

const folder = mkdtempSync(join(tmpdir(), "browser-"));
const broken = join(folder, "broken.jpg");
let stackPath = "";
let local: LocalProcess;
let url = "";
let browser: Browser;
let page: Page;
let complaints: Complaints;

beforeAll(async () => {
  stackPath = await synthesizeInto(folder);
  ({ local, url } = await startConsole(stackPath));
  for (const [name, draw] of Object.entries(DRAWN)) writeFileSync(join(folder, name), await draw());
  writeFileSync(broken, "not a picture at all");
  browser = await openBrowser();
  ({ page, complaints } = await openPage(browser, url));
});
afterAll(async () => {
  await browser?.close();
  await local?.end();
  await removeCodeFolder(folder);
});

const row = (of: Page, key: string) => of.getByRole("list", { name: "Executions" }).getByRole("link", { name: key });
const divider = () => page.getByRole("slider", { name: "Share of the original" });

/** The numbers of the workshop's picture, when they are those of a preset that was just changed. */
const facts = (text: string | RegExp) => page.locator(".trial .facts").filter({ hasText: text });

// Each goes on where the one before it ended, as a person does.
describe("the console in a browser", () => {
  it("shows pictures that are dropped, each with its execution, until it ends", async () => {
    await dropFiles(page, [join(folder, "hills-at-dusk.jpg"), join(folder, "lighthouse.jpg"), broken]);
    for (const key of ["hills-at-dusk.jpg", "lighthouse.jpg", "broken.jpg"]) await row(page, key).waitFor();
    await page.getByRole("heading", { level: 1, name: "hills-at-dusk.jpg" }).waitFor();
    await row(page, "hills-at-dusk.jpg").getByText("thumbnail").waitFor();
    await row(page, "lighthouse.jpg").getByText("thumbnail").waitFor();
    await row(page, "broken.jpg").getByText("NotAnImage").waitFor();

    expect(await page.getByText("3 executions", { exact: true }).isVisible()).toBe(true);
  });

  it("shows the states an execution went through, and each decision of IAM with its statement", async () => {
    await page.getByRole("heading", { name: "History" }).waitFor();
    const history = page.getByRole("region", { name: "History" });
    const decisions = page.getByRole("region", { name: /^IAM decisions/ });

    for (const state of ["ResizeImage", "WasResizeSuccessful", "SuccessState"]) {
      expect(await history.getByText(state).count()).toBeGreaterThan(0);
      expect(await page.locator("svg.machine").getByText(state, { exact: true }).count()).toBe(1);
    }
    expect(await decisions.getByText("s3:GetObject").first().isVisible()).toBe(true);
    expect(await decisions.getByText(/resize_access_policy_\w+ statement 1 \(WriteRenditions\)/).count()).toBe(1);
  });

  it("says of a broken picture what the API says", async () => {
    await row(page, "broken.jpg").click();
    const failure = page.getByRole("region", { name: "What failed" });
    await failure.getByRole("heading", { name: "NotAnImage" }).waitFor();

    expect(await failure.textContent()).toContain("but the content starts with");
  });

  it("lays a rendition over the original, with a line to move by mouse, keys and touch", async () => {
    await row(page, "hills-at-dusk.jpg").click();
    await page.getByRole("button", { name: "Compare thumbnail" }).click();
    await divider().focus();
    const shares = [await divider().getAttribute("aria-valuenow")];
    for (const key of ["End", "ArrowLeft", "PageDown"]) {
      await page.keyboard.press(key);
      shares.push(await divider().getAttribute("aria-valuenow"));
    }
    const sheet = await page.locator(".comparison-sheet").boundingBox();
    if (sheet === null) throw new Error("expected a picture");
    await page.mouse.move(sheet.x + sheet.width / 2, sheet.y + 20);
    await page.mouse.down();
    await page.mouse.move(sheet.x + sheet.width / 4, sheet.y + 20);
    await page.mouse.up();

    expect(shares).toEqual(["50", "100", "98", "88"]);
    expect(await divider().getAttribute("aria-valuenow")).toBe("25");
    expect(await divider().getAttribute("aria-valuetext")).toBe("25 % original, 75 % thumbnail");
    expect(sheet.width).toBeCloseTo(256, 0);
  });

  it("moves the line by touch", async () => {
    const hand = await openPage(browser, url, { hasTouch: true, viewport: { width: 390, height: 800 } });
    await row(hand.page, "hills-at-dusk.jpg").tap();
    await hand.page.getByRole("button", { name: "Compare thumbnail" }).tap();
    const sheet = hand.page.locator(".comparison-sheet");
    await sheet.scrollIntoViewIfNeeded();
    const box = await sheet.boundingBox();
    if (box === null) throw new Error("expected a picture");
    const session = await hand.page.context().newCDPSession(hand.page);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", share: number) =>
      session.send("Input.dispatchTouchEvent", {
        type,
        touchPoints: type === "touchEnd" ? [] : [{ x: box.x + box.width * share, y: box.y + box.height / 2 }],
      });
    await touch("touchStart", 0.5);
    await touch("touchMove", 0.6);
    await touch("touchMove", 0.75);
    await touch("touchEnd", 0.75);
    const slider = hand.page.getByRole("slider", { name: "Share of the original" });

    expect(Number(await slider.getAttribute("aria-valuenow"))).toBeGreaterThanOrEqual(74);
    expect(hand.complaints.all).toEqual([]);
    await hand.page.close();
  });

  it("tries presets on a picture, its bytes following, and gives the line for environments/", async () => {
    await page.goto(`${url}/#/workshop`);
    await page.getByRole("link", { name: /lighthouse\.jpg/ }).click();
    await page.getByRole("combobox", { name: "begin with" }).selectOption("card");
    await facts("640 × 360").waitFor();
    await page.getByRole("spinbutton", { name: "width" }).fill("320");
    await page.getByRole("spinbutton", { name: "height" }).fill("480");
    await page.getByRole("radio", { name: "centre" }).check();
    await page.getByRole("radio", { name: "jpeg" }).check();
    await facts(/320 × 480.*JPEG/).waitFor();
    const bytes = async () => (await page.locator(".trial .facts strong").textContent()) ?? "";
    const before = await bytes();
    await page.getByRole("checkbox", { name: /^own quality/ }).check();
    await page.getByRole("slider", { name: "quality, drawn" }).fill("20");
    await page.getByText("quality: 20").waitFor();
    while ((await bytes()) === before) await page.waitForTimeout(50);

    expect(parseFloat(await bytes())).toBeLessThan(parseFloat(before));
    expect(await page.locator(".copied pre").textContent()).toBe(
      '    card: { width: 320, height: 480, fit: "cover", format: "jpeg", quality: 20 },',
    );
  });

  it("says what is wrong with a preset, and tries it when it is right again", async () => {
    const width = page.getByRole("spinbutton", { name: "width" });
    await width.fill("5000");
    const fault = page.getByText("expected a whole number from 1 to 4096 but received 5000");
    await fault.waitFor();
    expect(await width.getAttribute("aria-invalid")).toBe("true");
    await width.fill("100");
    await facts("100 × 480").waitFor();

    expect(await fault.count()).toBe(0);
  });

  it("says in the workshop why a picture cannot be made", async () => {
    await page.goto(`${url}/#/workshop/broken.jpg`);
    const failure = page.getByRole("region", { name: "What failed" });
    await failure.getByRole("heading", { name: "NotAnImage" }).waitFor();

    expect(await failure.textContent()).toContain("but the content starts with");
  });

  it("takes nobody away who went elsewhere after dropping something", async () => {
    await page.goto(`${url}/#/executions`);
    await dropFiles(page, [join(folder, "orchard.png")]);
    await page.getByText("1 uploaded").waitFor();
    await page.keyboard.press("5");
    await until(async () => {
      const answer = await fetch(`${url}/api/executions?search=orchard&status=SUCCEEDED`);
      return (await answer.text()).includes("orchard.png") || undefined;
    });
    // The page hears of it a moment later.
    await page.waitForTimeout(500);

    expect(new URL(page.url()).hash).toBe("#/log");
  });

  it("can be used with a keyboard alone", async () => {
    const { keyboard } = page;
    const focused = () => page.evaluate<string>("document.activeElement.textContent || document.activeElement.id");
    await page.goto(`${url}/#/executions`);
    await page.reload();
    await row(page, "lighthouse.jpg").waitFor();
    await keyboard.press("Tab");
    expect(await focused()).toBe("To the content");
    await keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    await keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await keyboard.press("/");
    await keyboard.type("light");
    await page.getByText("1 execution", { exact: true }).waitFor();
    await keyboard.press("Escape");
    await keyboard.press("j");
    await page.getByRole("heading", { level: 1, name: "lighthouse.jpg" }).waitFor();
    await keyboard.press("3");
    await page.getByRole("list", { name: "Originals" }).waitFor();
    await keyboard.press("/");
    await keyboard.type("hills");
    await page.getByText("1 original", { exact: true }).waitFor();
    await keyboard.press("Tab");
    await keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "hills-at-dusk.jpg" }).waitFor();
    const toWidth = async () => {
      for (let presses = 0; presses < 30; presses++) {
        await keyboard.press("Tab");
        const label = await page.evaluate<string>("document.activeElement.closest('label')?.textContent ?? ''");
        if (label.startsWith("width")) return;
      }
      throw new Error("expected to come to the width by Tab");
    };
    await toWidth();
    await keyboard.press("ControlOrMeta+a");
    await keyboard.type("222");
    await facts("222 × ").waitFor();
  });

  it.each(["light", "dark"] as const)(
    "leaves nobody out, as far as axe can tell, in the %s theme",
    async (colorScheme) => {
      // Axe puts styles of its own into the page, of which the page's policy complains.
      const { page: looked } = await openPage(browser, url, { colorScheme });
      const found: string[] = [];
      for (const width of [1360, 320]) {
        await looked.setViewportSize({ width, height: 900 });
        for (const view of await views()) {
          await looked.goto(`${url}/#/${view}`);
          if (view === TRIAL) await looked.locator(".comparison").waitFor();
          await looked.waitForTimeout(500);
          for (const fault of await axeFaults(looked)) found.push(`${view} at ${width}: ${fault}`);
          const [whole, seen] = await looked.evaluate<[number, number]>(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
          );
          if (whole > seen) found.push(`${view} at ${width}: ${whole} pixels wide`);
        }
      }
      await looked.close();

      expect(found).toEqual([]);
    },
  );

  it("is small, and runs under a policy that lets nothing else run", async () => {
    const other = await openPage(browser, url);
    const sent = await other.page.evaluate<number>(`
      [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
        .filter(({ name }) => !new URL(name).pathname.startsWith("/api/"))
        .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)
    `);
    const response = await other.page.reload();
    const ran = await other.page.evaluate(`(() => {
      const script = document.createElement("script");
      script.textContent = "globalThis.ran = true";
      document.head.append(script);
      return globalThis.ran === true;
    })()`);
    await other.page.close();
    console.info(`the page: ${sent} bytes as sent`);

    expect(sent).toBeGreaterThan(1000);
    expect(sent).toBeLessThan(MAX_PAGE_BYTES);
    expect(response?.headers()["content-security-policy"]).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(ran).toBe(false);
  });

  it("has said no error, and asked nobody else for anything", () => {
    expect(complaints.all).toEqual([]);
  });

  it("shows which statement is missing when one was taken out of the stack", async () => {
    const path = stackWithout("WriteRenditions", stackPath);
    await local.end();
    ({ local, url } = await startConsole(path));
    const denied = await openPage(browser, url);
    await dropFiles(denied.page, [join(folder, "orchard.png")]);
    await row(denied.page, "orchard.png").getByText("ObjectNotWritable").waitFor();
    const decisions = denied.page.getByRole("region", { name: /^IAM decisions/ });
    const line = decisions.getByRole("listitem").filter({ hasText: "s3:PutObject" });
    await line.waitFor();

    expect(await line.textContent()).toMatch(
      /denied.*ImageResizeFunction-dev.* is not authorized to perform: s3:PutObject on resource: arn:aws:s3:::.*thumbnail-orchard\.png because no identity-based policy allows/,
    );
    expect(denied.complaints.all).toEqual([]);
  });
});

/** Each view, with something in it. */
async function views(): Promise<readonly string[]> {
  const details = async (path: string) => JSON.parse(await (await fetch(`${url}${path}`)).text());
  const { items } = await details("/api/executions");
  const executions = items.map(
    ({ machine, name }: { machine: string; name: string }) => `executions/${machine}/${name}`,
  );
  const { originalBucket } = await details("/api/stack");
  return [
    "executions",
    ...executions,
    `buckets/${originalBucket}/hills-at-dusk.jpg`,
    "workshop",
    TRIAL,
    "map-runs",
    "log",
    "log/decisions",
  ];
}
