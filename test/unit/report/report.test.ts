import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { conclude } from "../../../verdict/suites/merge-verdict";
import { evaluate } from "../../../verdict/suites/evaluate";
import { barsOf, histogram } from "../../../report/charts";
import { differences, figures, renderComparison } from "../../../report/compare";
import { jsonSchema, parseReport, type Report } from "../../../report/contents";
import { escapeMarkdown, escapeMarkup } from "../../../tools/escape";
import { findReport, latestReport } from "../../../report/find";
import { renderHtml } from "../../../report/html";
import { renderJunit } from "../../../report/junit";
import { distributionOf } from "../../../protocol/suite-result";
import { renderMarkdown } from "../../../report/markdown";
import { writeReport } from "../../../report/write";
import { standardEvidence } from "../../support/examinations";
import { aVerdict } from "../../support/verdicts";

const examination = evaluate(standardEvidence());
const examined: Report = {
  ...conclude(aVerdict(), examination, new Date(Date.parse(aVerdict().run.start) + 20_000)),
  examination,
};
const failed = aVerdict({
  verdict: "FAILURE",
  cause: "not-propagated",
  summary: 'The mount <w2> & "others"',
  checks: [
    { name: "nonce", expected: "a<b", observed: "c & d", passed: false, milliseconds: 5 },
    { name: "symlink", expected: "a link", observed: "none", passed: "not-applicable", milliseconds: 6 },
  ],
});

const needsProbe: Report = {
  ...examined,
  examination: {
    ...examination,
    outcome: "needs-liveness-probe",
    summary: "A consumer needs a liveness probe",
  },
};

describe("the HTML report", () => {
  it("has no figure finer than its resolution", () => {
    const scenarios = examination.scenarios.map((scenario) =>
      scenario.name === "kill" ? { ...scenario, recovered: distributionOf([318, 318, 322], 12) } : scenario,
    );
    const page = renderHtml({ ...examined, examination: { ...examination, scenarios } });
    assert.ok(page.includes("<dt>kill to new nonce, 95%</dt><dd>320 ms</dd>"));
  });

  it("tells the verdict, the cause and the next steps before anything else", () => {
    const page = renderHtml(failed);
    const order = [
      "FAILURE: not-propagated",
      "The mount &lt;w2&gt;",
      "Next steps",
      "Record the result",
      "At a glance",
      "Evidence",
    ];
    const places = order.map((part) => page.indexOf(part, page.indexOf("<body>")));
    assert.ok(places.every((place) => place > 0));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
  });

  it("needs nothing from the network", () => {
    const page = renderHtml(examined);
    const links = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, link]) => link);
    assert.deepEqual(links, ["data:,"]);
    assert.equal(/url\(|@import|<script/.test(page), false);
  });

  it("draws charts that take every colour from the page", () => {
    const fine = <T>(distribution: T): T => distribution && { ...distribution, resolution: 1 };
    const scenarios = examination.scenarios.map((scenario) => ({
      ...scenario,
      noticed: fine(scenario.noticed),
      recovered: fine(scenario.recovered),
    }));
    const page = renderHtml({
      ...examined,
      examination: { ...examination, scenarios, latency: fine(examination.latency) },
    });
    assert.equal(page.split("<svg ").length - 1, 4);
    const colours = new Set([...page.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, colour]) => colour));
    assert.deepEqual(
      [...colours].filter((colour) => !/^(none|transparent|var\(--[a-z]+\))$/.test(colour ?? "")),
      [],
    );
  });

  it("draws no chart of measurements that are not above their resolution", () => {
    assert.equal(renderHtml(examined).split("<svg ").length - 1, 2);
  });

  it("says in words which cell differs", () => {
    const cells = examination.cells.map((cell) =>
      cell.kind === "visibility" ? { ...cell, observed: "no mount; x", passed: false } : cell,
    );
    const page = renderHtml({ ...examined, examination: { ...examination, cells } });
    assert.match(page, /✗ <span class="word">no mount<\/span>, differs/);
    assert.match(page, /Expected: sees the mount and reads it\./);
  });

  it("names a partial success before anything else, and shows the probe to paste", () => {
    const partial = renderHtml(needsProbe);
    const place = partial.indexOf("partial success: needs a liveness probe");
    assert.ok(place > partial.indexOf("<h1>") && place < partial.indexOf("Next steps"));
    assert.match(partial, /<details open><summary>A liveness probe/);
    const whole = renderHtml(examined);
    assert.equal(whole.includes("partial success"), false);
    assert.match(whole, /<details><summary>A liveness probe/);
    assert.match(whole, /<dt>a consumer after a loss<\/dt><dd>recovers without a restart<\/dd>/);
  });

  it("lets no text of others become markup", () => {
    const text = '"><script>alert(1)</script>';
    const page = renderHtml(aVerdict({ summary: text, nextSteps: [text], cause: text }), [
      { name: text, contents: text },
    ]);
    assert.equal(page.includes("<script"), false);
  });
});

describe("the other files of a report", () => {
  it("have one test case a check, and one for the verdict", () => {
    const xml = renderJunit(failed);
    assert.match(xml, /<testsuites name="fuse-test" tests="3" failures="2" errors="0" skipped="1"/);
    assert.equal(xml.split("<testcase ").length - 1, 3);
    assert.match(
      xml,
      /<failure type="not-propagated" message="The mount &lt;w2&gt; &amp; &quot;others&quot;"\/>/,
    );
  });

  it("count an ERROR as an error and not as a failure", () => {
    const xml = renderJunit(aVerdict({ verdict: "ERROR", cause: "node-missing" }));
    assert.match(xml, /tests="2" failures="0" errors="1" skipped="0"/);
    assert.match(xml, /<error type="node-missing"/);
  });

  it("tell the same in Markdown, with the probe to paste", () => {
    const page = renderMarkdown(examined);
    assert.match(page, /^# SUCCESS\n/);
    assert.match(page, /```yaml\nlivenessProbe:/);
    assert.equal(page.includes("undefined"), false);
    assert.match(
      renderMarkdown(needsProbe),
      /^# SUCCESS\n\n\*\*partial success: needs a liveness probe\*\*\n/,
    );
  });

  it("agree with the published schema", () => {
    const published: unknown = JSON.parse(
      readFileSync(join(__dirname, "..", "..", "..", "docs", "report.schema.json"), "utf8"),
    );
    assert.deepEqual(published, JSON.parse(JSON.stringify(jsonSchema())));
  });

  it("hold to that schema, real ones too, and what does not is refused by it and by the reader alike", () => {
    const example = readFileSync(join(__dirname, "..", "..", "..", "docs", "example", "report.json"), "utf8");
    const validate = new Ajv2020({ strict: true }).compile(jsonSchema());
    const accepts = (value: unknown): boolean => validate(JSON.parse(JSON.stringify(value)));
    const reads = (value: unknown): boolean => {
      try {
        parseReport(JSON.stringify(value), "f");
        return true;
      } catch {
        return false;
      }
    };
    for (const good of [JSON.parse(example) as Report, examined, needsProbe, failed]) {
      assert.deepEqual([accepts(good), reads(good)], [true, true], JSON.stringify(validate.errors));
    }
    const [cell] = examination.cells;
    for (const bad of [
      { ...examined, verdict: "MAYBE" },
      { ...examined, checks: [{ ...examined.checks[0], passed: "perhaps" }] },
      { ...examined, run: undefined },
      { ...examined, examination: { ...examination, outcome: "fine" } },
      { ...examined, examination: { ...examination, cells: [{ ...cell, reason: undefined }] } },
    ]) {
      assert.deepEqual([accepts(bad), reads(bad)], [false, false], JSON.stringify(bad).slice(0, 200));
    }
  });

  it("are the published example, which is what its report.json is rendered to", () => {
    const folder = join(__dirname, "..", "..", "..", "docs", "example");
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    const report = parseReport(read("report.json"), "docs/example/report.json");
    const fix = "npm run report -- --render ./docs/example, and its picture";
    // The charts' library numbers its classes on, from chart to chart.
    const unnumbered = (page: string): string => page.replace(/zr\d+-cls-\d+/g, "zr-cls");
    assert.equal(unnumbered(renderHtml(report)), unnumbered(read("report.html")), fix);
    assert.equal(renderMarkdown(report), read("report.md"), fix);
    assert.equal(renderJunit(report), read("junit.xml"), fix);
    const { producerMounted, consumerSaw } = report.timings;
    assert.ok(producerMounted !== null && consumerSaw !== null && producerMounted <= consumerSaw);
  });

  it("are written together, and can be found and read again", () => {
    const reports = mkdtempSync(join(tmpdir(), "fuse-test-report-"));
    try {
      writeReport({ verdict: failed, folder: join(reports, "r1") });
      assert.deepEqual(readdirSync(join(reports, "r1")).sort(), [
        "junit.xml",
        "report.html",
        "report.json",
        "report.md",
      ]);
      writeFileSync(join(reports, "policy.xml"), "<testsuites/>");
      assert.deepEqual(latestReport(reports).report, failed);
      assert.deepEqual(findReport("r1", reports).report, failed);
      assert.throws(() => findReport("r2", reports), /cannot be read: expected the report of a run/);
      assert.throws(
        () => findReport("a\n\u001b[31mb", reports),
        ({ message }: Error) =>
          message.includes('a\\n\\u001b[31mb/report.json" cannot be read') && !/\p{Cc}/u.test(message),
      );
    } finally {
      rmSync(reports, { recursive: true });
    }
  });

  it("are refused where they are none", () => {
    assert.throws(() => parseReport("x", "f"), /^Error: f is not JSON/);
    assert.throws(() => parseReport('{"verdict":"MAYBE"}', "f"), /^Error: f is not a report: verdict/);
  });
});

describe("the comparison of two runs", () => {
  it("finds no difference between a run and itself", () => {
    assert.deepEqual(differences(examined, examined), []);
    assert.ok(figures(examined, examined).every(({ first, second }) => first === second));
  });

  it("names the verdict, the cause and the checks that changed", () => {
    assert.deepEqual(
      differences(aVerdict(), failed).map(({ what }) => what),
      ["verdict", "cause", "nonce", "symlink"],
    );
    assert.match(renderComparison(aVerdict(), failed), /verdict +SUCCESS +FAILURE/);
  });

  it("has no figure finer than the resolution of the less exact run", () => {
    const measuredWith = (samples: readonly number[], resolution: number): Report => ({
      ...examined,
      examination: { ...examination, latency: distributionOf(samples, resolution) },
    });
    const [exact, coarse] = [measuredWith([0, 26.4], 3.5), measuredWith([0, 34.2], 12)];
    const text = renderComparison(exact, coarse);
    assert.match(text, /propagation, median +below 12 ms +below 12 ms *$/m);
    assert.match(text, /propagation, 95% +30 ms +30 ms +\+30%$/m);
  });
});

describe("text of others", () => {
  it("has no markup left, whatever it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        assert.equal(/[<>"']/.test(escapeMarkup(text)), false);
        assert.equal(/[\n\r]|(?<!\\)\|/.test(escapeMarkdown(text).replaceAll("\\\\", "")), false);
      }),
    );
  });
});

describe("a histogram", () => {
  it("counts every sample once", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 }), (samples) => {
        const total = histogram(samples, 20).reduce((sum, { count }) => sum + count, 0);
        assert.equal(total, samples.length);
      }),
    );
  });

  it("has no bar that is narrower than the resolution", () => {
    assert.equal(barsOf({ maximum: 4, resolution: 3.5 }), 1);
    assert.equal(barsOf({ maximum: 400, resolution: 3.5 }), 20);
    assert.equal(barsOf({ maximum: 2, resolution: 3.5 }), 1);
    assert.equal(barsOf({ maximum: 40, resolution: 10 }), 4);
    assert.equal(barsOf({ maximum: 4, resolution: 0 }), 20);
  });
});
