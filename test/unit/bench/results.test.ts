import assert from "node:assert/strict";
import fc from "fast-check";
import { renderPlot } from "../../bench/plot";
import { listSlower, parseResults, renderResults, type Results } from "../../bench/results";
import { ROW_NAMES, ROWS } from "../../bench/rows";

function measured(seconds: Results["seconds"], changes: Partial<Results> = {}): Results {
  return {
    date: "2026-11-27T20:00:00.000Z",
    machine: { cores: 2, kernel: "6.1", node: "20.19.0", load: 0.26 },
    guard: false,
    phases: {},
    figures: {},
    ...changes,
    seconds,
  };
}

describe("results of the bench", () => {
  it("are read as they were written", () => {
    const results = measured({ up: [3, 4] }, { phases: { exit: [0.5] } });
    assert.deepEqual(parseResults(JSON.stringify(results)), results);
  });

  it("are refused in one line if they are damaged", () => {
    assert.throws(() => parseResults("{"), /^Error: not JSON: [^\n]+$/);
    const wrong = { ...measured({ up: [] }), guard: "yes" };
    assert.throws(() => parseResults(JSON.stringify(wrong)), /guard: [^\n]*; seconds\.up: [^\n]*$/);
    assert.throws(() => parseResults(JSON.stringify(measured({ up: [0] }))), /seconds\.up\.0/);
    assert.throws(() => parseResults("[]"), /the file: /);
  });

  it("never accept what is no set of results", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        assert.throws(() => parseResults(text));
      }),
    );
  });

  it("compare each row with its goal in the same round", () => {
    const text = renderResults(
      measured({ "kubectl-apply": [4, 8], up: [5.6, 12], "preview-pack": [2, 2.2] }),
    );
    assert.match(
      text,
      /^Measured 2026-11-27T20:00:00\.000Z, guard off, 2 cores, .*, load 0\.3 at the end\.$/m,
    );
    assert.match(text, /^\| kubectl apply, wait \| 6\.00 \(4\.00 to 8\.00\) \| {2}\|$/m);
    assert.match(
      text,
      /^\| up, quick \| .* \| 1\.4x kubectl apply, wait: 1\.45x \(1\.42 to 1\.48\), missed \|$/m,
    );
    assert.match(text, /^\| preview with the pack \| .* \| 2\.5 s: met \|$/m);
    assert.ok(!text.includes("phase"), text);
  });

  it("say that a goal's other row was not measured", () => {
    assert.match(renderResults(measured({ destroy: [6] })), /1\.15x kubectl delete namespace: not measured/);
  });

  it("have phases and further figures with their units", () => {
    const text = renderResults(
      measured({}, { phases: { exit: [1] }, figures: { memory: { unit: "MiB", values: [3] } } }),
    );
    assert.match(text, /^\| exit \| 1\.00 \(1\.00 to 1\.00\) \|$/m);
    assert.match(text, /^\| memory \| 3\.00 \(3\.00 to 3\.00\) MiB \|$/m);
  });

  it("list what got slower beyond noise, as multiples of kubectl", () => {
    const before = measured({ "kubectl-apply": [4, 4, 4], up: [4, 4.4, 4.8], destroy: [4, 4, 4] });
    const after = measured({ "kubectl-apply": [8, 8, 8], up: [12, 12, 12], destroy: [8, 8, 8] });
    assert.deepEqual(listSlower(before, after), [
      "up, quick: 1.50 times kubectl apply, before 1.10 (36 % more)",
    ]);
    assert.deepEqual(listSlower(before, before), []);
    assert.deepEqual(listSlower(after, before), []);
  });

  it("list nothing that is within noise, or that one of the two does not have", () => {
    const before = measured({ "kubectl-apply": [4, 4, 4], up: [4, 6, 8] });
    assert.deepEqual(listSlower(before, measured({ "kubectl-apply": [4, 4, 4], up: [6, 6.4, 7] })), []);
    assert.deepEqual(listSlower(before, measured({ "kubectl-apply": [4, 4, 4], preview: [60, 60, 60] })), []);
    assert.deepEqual(listSlower(before, measured({ up: [60, 60, 60] })), []);
  });

  it("are plotted with a box for each row", () => {
    const svg = renderPlot(measured({ up: [3, 4, 5], "kubectl-apply": [2, 2.5, 3] }));
    assert.match(svg, /^<svg /);
    assert.ok(svg.includes(">up, quick<") && svg.includes(">kubectl apply, wait<"), svg);
    assert.ok(!svg.includes(ROWS.destroy.title));
  });
});

describe("goals of the bench", () => {
  it("are measured against a row that comes before", () => {
    for (const [place, name] of ROW_NAMES.entries()) {
      const { goal } = ROWS[name];
      if (goal !== undefined && "of" in goal) assert.ok(ROW_NAMES.indexOf(goal.of) < place, name);
    }
  });
});
