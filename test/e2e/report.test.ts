import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { conclude } from "../../examination/conclude";
import { evaluate } from "../../examination/evaluate";
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

function facts(page: Page): Promise<PageFacts> {
  return page.evaluate<PageFacts>(look);
}

describe("the HTML report in a browser", function () {
  this.timeout(120_000);
  let browser: Browser | undefined;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "fuse-test-page-"));
    const examination = evaluate(standardEvidence());
    const verdict = conclude(aVerdict(), examination, new Date(Date.parse(aVerdict().run.start) + 20_000));
    await writeReport({ verdict, examination, folder });
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
