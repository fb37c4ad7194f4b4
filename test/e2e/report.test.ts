import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { conclude } from "../../verdict/suites/merge-verdict";
import type { Distribution, Examination } from "../../protocol/suite-result";
import { evaluate } from "../../verdict/suites/evaluate";
import { writeReport } from "../../report/write";
import { startBrowser } from "../support/browser";
import { standardEvidence } from "../support/examinations";
import { aVerdict } from "../support/verdicts";

interface PageFacts {
  readonly width: number;
  readonly paper: string;
  readonly charts: number;
  readonly lowestContrast: number;
  readonly cellIsOpen: boolean;
  readonly cellHasFocus: boolean;
}

const look = readFileSync(join(__dirname, "..", "support", "page-facts.js"), "utf8");

/** Returns an examination whose measurements are all above their resolution, so that every chart is drawn. */
function withFineClock(examination: Examination): Examination {
  const fine = <T extends Distribution | null>(one: T): T =>
    one === null ? one : { ...one, resolution: 0.1 };
  return {
    ...examination,
    latency: fine(examination.latency),
    scenarios: examination.scenarios.map((one) => ({
      ...one,
      noticed: fine(one.noticed),
      recovered: fine(one.recovered),
    })),
  };
}

function facts(page: Page): Promise<PageFacts> {
  return page.evaluate<PageFacts>(look);
}

describe("the HTML report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-page-"));
    const examination = withFineClock(evaluate(standardEvidence()));
    const verdict = conclude(aVerdict(), examination, new Date(Date.parse(aVerdict().run.start) + 20_000));
    writeReport({ verdict, examination, folder });
    browser = await startBrowser();
  });

  after(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true });
  });

  async function open(width: number, colorScheme: "light" | "dark"): Promise<{ page: Page; said: string[] }> {
    assert.ok(browser);
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!/^(?:file|data):/.test(request.url())) said.push(request.url());
    });
    await page.goto(`file://${join(folder, "report.html")}`);
    return { page, said };
  }

  for (const width of [360, 1280]) {
    for (const scheme of ["light", "dark"] as const) {
      it(`fits ${width} pixels in ${scheme} colours, can be read, and says nothing on the console`, async () => {
        const { page, said } = await open(width, scheme);
        const found = await facts(page);
        assert.equal(found.width, width);
        assert.equal(found.paper, scheme === "light" ? "rgb(251, 250, 247)" : "rgb(20, 24, 27)");
        assert.equal(found.charts, 4);
        assert.ok(found.lowestContrast >= 4.5, `the lowest contrast is ${found.lowestContrast.toFixed(2)}`);
        assert.deepEqual(said, []);
        await page.close();
      });
    }
  }

  it("keeps in view what a row is about when a wide table is scrolled by keyboard on a narrow screen", async () => {
    const { page } = await open(360, "light");
    const matrix = page.locator(".scroll").filter({ has: page.locator(".matrix") });
    await matrix.focus();
    const scrolled = 'document.querySelector(".matrix").parentElement.scrollLeft';
    for (let presses = 0; presses < 20 && (await page.evaluate<number>(scrolled)) < 20; presses += 1) {
      await page.keyboard.press("ArrowRight");
    }
    assert.ok((await page.evaluate<number>(scrolled)) >= 20);
    const [region, name] = await Promise.all([
      matrix.boundingBox(),
      matrix.locator("th[scope=row]").first().boundingBox(),
    ]);
    assert.ok(region && name);
    assert.equal(Math.round(name.x), Math.round(region.x));
    await page.close();
  });

  it("has one heading of the first rank, and a name for every part that can be scrolled", async () => {
    const { page } = await open(1280, "light");
    assert.equal(await page.locator("h1").count(), 1);
    const names = await page.evaluate<string[]>(
      '[...document.querySelectorAll("[role=region]")].map((part) => part.ariaLabel ?? "")',
    );
    assert.ok(names.length > 5 && names.every((name) => name !== ""));
    assert.equal(new Set(names).size, names.length);
    await page.close();
  });

  it("opens a cell's reason by keyboard", async () => {
    const { page } = await open(1280, "light");
    for (let presses = 0; presses < 20 && !(await facts(page)).cellHasFocus; presses += 1) {
      await page.keyboard.press("Tab");
    }
    assert.deepEqual((await facts(page)).cellIsOpen, false);
    await page.keyboard.press("Enter");
    assert.deepEqual((await facts(page)).cellIsOpen, true);
    await page.close();
  });
});
