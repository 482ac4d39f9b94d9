import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page, Route } from "playwright-core";
import type { LocalProcess } from "../../__tests__/support/local-process";
import { synthesizeInto } from "../../__tests__/support/local-project";
import { removeCodeFolder } from "../../code-folder";
import type { ExecutionDetail, MapRunSummary } from "../wire";
import { DRAWN } from "./support/drawn-pictures";
import { type Complaints, dropFiles, openBrowser, openPage } from "./support/open-page";
import { startConsole } from "./support/start-console";

const HILLS = "hills-at-dusk.jpg";
const LIGHTHOUSE = "lighthouse.jpg";

const folder = mkdtempSync(join(tmpdir(), "browser-behaviour-"));
const file = (name: string) => join(folder, name);
let local: LocalProcess;
let url = "";
let bucket = "";
let browser: Browser;
let page: Page;
let complaints: Complaints;

beforeAll(async () => {
  const stackPath = await synthesizeInto(folder);
  ({ local, url } = await startConsole(stackPath));
  for (const name of [HILLS, LIGHTHOUSE] as const) writeFileSync(file(name), await DRAWN[name]());
  bucket = JSON.parse(await (await fetch(`${url}/api/stack`)).text()).originalBucket;
  browser = await openBrowser();
  ({ page, complaints } = await openPage(browser, url));
  // From the first listener on the browser tells of choosers, which it takes a moment to begin with.
  page.on("filechooser", () => {});
  await dropFiles(page, [file(LIGHTHOUSE), file(HILLS)]);
  await page.getByText("2 uploaded").waitFor();
});
afterEach(async () => {
  await page.unrouteAll({ behavior: "ignoreErrors" });
  complaints.all.length = 0;
});
afterAll(async () => {
  await browser?.close();
  await local?.end();
  await removeCodeFolder(folder);
});

const hash = () => new URL(page.url()).hash;
const focused = () => page.evaluate<string>("document.activeElement.id || document.activeElement.tagName");
const heading = (name: string) => page.getByRole("heading", { level: 1, name });

/** Goes to a view, until it is there. */
async function show(view: string): Promise<void> {
  await page.goto(`${url}/#/${view}`);
  const [name] = view.split("/");
  await page.locator(`main.${name}`).waitFor();
}

/** The browser itself says when it has connected again; this has `connectAgain()` say it at once. */
const CONNECTS_AGAIN = `EventSource = class extends EventSource {
  constructor(...given) {
    super(...given);
    globalThis.connectAgain = () => this.dispatchEvent(new Event("open"));
  }
}`;

/** Writes an object as the page itself would. */
const put = (key: string, body: string) =>
  page.evaluate(`(async () => {
    const body = await ${body};
    await fetch("/api/objects/${bucket}/${key}", { method: "PUT", body });
  })()`);

/** Requests that wait for an answer until they are let go. */
async function hold(pattern: string) {
  const held: Route[] = [];
  await page.route(pattern, (route) => void held.push(route));
  return {
    count: async (wanted: number) => {
      while (held.length < wanted) await page.waitForTimeout(20);
    },
    letGo: async () => {
      await Promise.all(held.map((route) => route.continue()));
      await page.unroute(pattern);
    },
  };
}

describe("the page, for keys and for who listens", () => {
  it("skips to the content of the view that is shown", async () => {
    await show("buckets");
    await page.reload();
    await page.getByRole("list", { name: `Objects of ${bucket}` }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");

    expect([hash(), await focused()]).toEqual(["#/buckets", "main"]);
  });

  it.each([
    ["Executions", "executions"],
    ["Map runs", "map-runs"],
    ["Log", "log"],
    ["Workshop", "workshop"],
    ["Buckets", "buckets"],
  ])("goes on in %s when it is chosen, and is called so", async (name, view) => {
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name, exact: true }).click();
    await page.locator(`main.${view}:focus`).waitFor();

    expect([hash(), await page.title()]).toEqual([`#/${view}`, `${name} - image-pipeline-dev`]);
  });

  it("goes on at the picture that was chosen in the workshop", async () => {
    await show("workshop");
    const link = page.getByRole("list", { name: "Originals" }).getByRole("link", { name: HILLS });
    await link.focus();
    await page.keyboard.press("Enter");
    await heading(HILLS).waitFor();
    await page.locator("main.workshop:focus").waitFor();

    expect([hash(), await page.title()]).toEqual([`#/workshop/${HILLS}`, `${HILLS} - Workshop - image-pipeline-dev`]);
  });

  it("does nothing behind the list of keys", async () => {
    await show("log");
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    for (const key of ["1", "j", "t"]) await page.keyboard.press(key);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });

    expect(hash()).toBe("#/log");
    expect(await page.getByRole("button", { name: "Theme: system" }).count()).toBe(1);
  });

  it("has keys that can be switched off, and on again, and keeps that", async () => {
    const open = () => page.getByRole("button", { name: "Keyboard shortcuts" }).click();
    const close = async () => {
      await page.keyboard.press("Escape");
      await page.getByRole("dialog").waitFor({ state: "hidden" });
    };
    const single = page.getByRole("checkbox", { name: "Single keys do this" });
    await open();
    // At once, or who leaves the page finds them switched on again.
    const kept = `(async () => {
      document.querySelector("dialog input").click();
      await null;
      await null;
      return localStorage.getItem("shortcuts");
    })()`;
    expect(await page.evaluate(kept)).toBe("off");
    await close();
    await page.reload();
    await page.getByRole("list", { name: "Log lines" }).waitFor();
    for (const key of ["1", "?"]) await page.keyboard.press(key);
    expect([hash(), await page.getByRole("dialog").count()]).toEqual(["#/log", 0]);
    await open();
    await single.check();
    await close();
    await page.keyboard.press("1");
    await page.getByRole("list", { name: "Executions" }).waitFor();

    expect(hash()).toBe("#/executions");
  });

  it.each([
    ["executions", "2 executions", HILLS, "1 execution"],
    ["buckets", "2 objects", HILLS, "1 object"],
    ["workshop", "2 originals", HILLS, "1 original"],
    ["log", / lines$/, "nothing has this in it", "0 lines"],
  ])(
    "says aloud how much a search in %s finds, and nothing while nobody searches",
    async (view, all, search, found) => {
      await show(view);
      const count = page.getByRole("status").filter({ hasText: all });
      await count.waitFor();
      expect(await count.getAttribute("aria-live")).toBe("off");
      await page.getByRole("searchbox").fill(search);
      const less = page.getByRole("status").filter({ hasText: found });
      await less.waitFor();

      expect(await less.getAttribute("aria-live")).toBe("polite");
    },
  );

  it("can search the log by each part of the runner", async () => {
    await show("log");
    const parts = page.getByRole("combobox", { name: "Part" }).getByRole("option");

    expect(await parts.allTextContents()).toEqual(
      "All parts,http,states,lambda,s3,events,iam,sqs,sns,delivery,runner".split(","),
    );
  });
});

describe("the page, wherever pictures come in", () => {
  it.each(["map-runs", "log", "buckets"])("follows a picture that is dropped on %s", async (view) => {
    const name = `on-${view}.jpg`;
    writeFileSync(file(name), await DRAWN[HILLS]());
    await show(view);
    await dropFiles(page, [file(name)]);
    await heading(name).waitFor();

    expect(hash()).toMatch(/^#\/executions\/./);
  });

  it("finds what came of a picture when the server is there again, if nobody told meanwhile", async () => {
    const { page: deaf } = await openPage(browser, url);
    await deaf.addInitScript(CONNECTS_AGAIN);
    await deaf.addInitScript(`EventSource.prototype.addEventListener = function (type, ...more) {
      if (type !== "message") EventTarget.prototype.addEventListener.call(this, type, ...more);
    }`);
    await deaf.reload();
    await deaf.locator("#choose").waitFor();
    const started = async () => JSON.parse(await (await fetch(`${url}/api/executions?search=untold.jpg`)).text()).total;
    writeFileSync(file("untold.jpg"), await DRAWN[HILLS]());
    await dropFiles(deaf, [file("untold.jpg")]);
    while ((await started()) === 0) await deaf.waitForTimeout(20);
    await deaf.getByText("1 uploaded").waitFor();
    const opened = deaf.getByRole("heading", { level: 1, name: "untold.jpg" });
    expect(await opened.count()).toBe(0);
    await deaf.evaluate("connectAgain()");

    await opened.waitFor();
    await deaf.close();
  });

  it("takes a picture that is pasted into the log", async () => {
    await show("log");
    await page.evaluate(`(async () => {
      const blob = await (await fetch("/api/objects/${bucket}/${HILLS}")).blob();
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([blob], "any.jpg", { type: "image/jpeg" }));
      dispatchEvent(new ClipboardEvent("paste", { clipboardData }));
    })()`);

    await page.getByRole("heading", { level: 1, name: /^pasted-\d{8}-\d{6}\.jpg$/ }).waitFor();
  });

  it.each(["log", "map-runs", `workshop/${HILLS}`])("asks for files with u in %s", async (view) => {
    await show(view);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("u")]);

    expect(chooser.isMultiple()).toBe(true);
  });

  it("tries the other picture that is dropped on one that is tried", async () => {
    await show(`workshop/${HILLS}`);
    await heading(HILLS).waitFor();
    await dropFiles(page, [file(LIGHTHOUSE)]);
    await heading(LIGHTHOUSE).waitFor();

    expect(hash()).toBe(`#/workshop/${LIGHTHOUSE}`);
  });

  it("sends a second picture while the first one takes long", async () => {
    await show("executions");
    const sent = await hold("**/api/objects/**");
    await dropFiles(page, [file(HILLS)]);
    await sent.count(1);
    await dropFiles(page, [file(LIGHTHOUSE)]);
    await sent.count(2);
    await page.getByText("0 of 2").waitFor();
    await sent.letGo();
    await page.getByText("2 uploaded").waitFor();

    expect(await page.getByRole("status").filter({ hasText: "Upload ended, 2 of 2" }).count()).toBe(1);
  });

  it.each(["executions", "log"])("says in %s which upload failed, and aloud", async (view) => {
    await show(view);
    await page.route("**/api/objects/**", (route) =>
      route.fulfill({ status: 403, body: "<Error><Message>Not today</Message></Error>" }),
    );
    await dropFiles(page, [file(HILLS)]);
    const said = page.getByRole("alert").filter({ hasText: `Upload of ${HILLS} failed: Not today` });
    await said.waitFor();

    expect(await page.getByText(`${HILLS}: Not today`, { exact: true }).isVisible()).toBe(true);
  });
});

describe("the page, while answers take long or fail", () => {
  it("never lays what was made of one picture over another", async () => {
    const made = page.locator(".comparison");
    await show(`workshop/${HILLS}`);
    await made.waitFor();
    const trials = await hold("**/api/trials");
    await show(`workshop/${LIGHTHOUSE}`);
    await heading(LIGHTHOUSE).waitFor();
    await trials.count(1);
    expect([await made.count(), await page.locator(".trial .facts").count()]).toEqual([0, 0]);
    await trials.letGo();
    await made.waitFor();

    expect(await page.getByRole("img", { name: `original of ${LIGHTHOUSE}` }).count()).toBe(1);
  });

  it("says aloud why a picture could not be tried", async () => {
    await page.route("**/api/trials", (route) => route.fulfill({ status: 400, json: { message: "Not this one" } }));
    await show(`workshop/${HILLS}`);
    await page.getByRole("spinbutton", { name: "width" }).fill("123");

    await page.getByRole("alert").filter({ hasText: "Not this one" }).waitFor();
  });

  it("shows a picture that takes the place of what was none", async () => {
    await put("torn.jpg", `"not a picture"`);
    await show(`buckets/${bucket}/torn.jpg`);
    await page.getByText("this browser cannot show it").waitFor();
    await put("torn.jpg", `(await fetch("/api/objects/${bucket}/${HILLS}")).blob()`);
    await page.locator("figure img.shown").waitFor();

    expect(await page.getByText("this browser cannot show it").count()).toBe(0);
  });

  it.each([
    ["an object", () => `buckets/${bucket}/${HILLS}`, "**/api/details/**"],
    ["an execution", executionOf, "**/api/executions/*/*"],
  ])("shows %s that could not be read when the server is there again", async (_, view, pattern) => {
    await page.addInitScript(CONNECTS_AGAIN);
    await page.route(pattern, (route) => route.fulfill({ status: 500, json: { message: "Not now" } }));
    await show(await view());
    await page.reload();
    await page.getByRole("alert").filter({ hasText: "Not now" }).waitFor();
    await page.unroute(pattern);
    await page.evaluate("connectAgain()");
    await page.locator("figure img.shown").first().waitFor();

    expect(await page.getByText("Not now").count()).toBe(0);
  });

  it("follows the Map run of an execution while it runs", async () => {
    let succeeded = 0;
    await page.route("**/api/executions/*/*", async (route) => {
      const response = await route.fetch();
      const detail: ExecutionDetail = await response.json();
      succeeded += 1;
      await route.fulfill({ response, json: { ...detail, mapRuns: [mapRun(succeeded, succeeded < 3)] } });
    });
    await show("log");
    await show(await executionOf());
    await page.getByText("1 succeeded").waitFor();
    await page.getByText("3 succeeded").waitFor();
    await page.waitForTimeout(1500);

    expect(succeeded).toBe(3);
  });
});

async function executionOf(): Promise<string> {
  const answer = await fetch(`${url}/api/executions?search=${HILLS}&status=SUCCEEDED`);
  const [{ machine, name }] = JSON.parse(await answer.text()).items;
  return `executions/${machine}/${name}`;
}

function mapRun(succeeded: number, runs: boolean): MapRunSummary {
  const none = { pending: 0, running: 0, failed: 0, timedOut: 0, aborted: 0 };
  const counts = { ...none, succeeded, total: 3 };
  return {
    arn: "arn:aws:states:eu-central-1:111111111111:mapRun:backfill/each:one",
    machine: "backfill",
    execution: "one",
    status: runs ? "RUNNING" : "SUCCEEDED",
    startedAt: 1,
    ...(!runs && { stoppedAt: 2 }),
    maxConcurrency: 3,
    executions: counts,
    items: counts,
    failures: [],
  };
}
