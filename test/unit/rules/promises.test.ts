import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GROUPS } from "../../policy/cases";
import type { Case } from "../../policy/cases/case";

const readme = readFileSync(join(__dirname, "..", "..", "..", "policy", "README.md"), "utf8");
const groups: Readonly<Record<string, readonly Case[]>> = GROUPS;

interface Promised {
  readonly promise: string;
  readonly by: readonly string[];
  readonly cases: readonly string[];
}

/** Returns the rows of the table of promises. */
function promised(): Promised[] {
  const [, section = ""] = readme.split("## What is promised\n");
  const [table = ""] = section.split("\nFurther promises");
  const rows = table.split("\n").filter((line) => line.startsWith("| ") && !/^\| (promise|---)/.test(line));
  return rows.map((row) => {
    const [, promise = "", by = "", , , cases = ""] = row.split("|").map((cell) => cell.trim());
    const named = [...cases.matchAll(/`(\w+)`/g)].map(([, name = ""]) => name);
    return { promise, by: by.split(", "), cases: named };
  });
}

describe("The promises of the policies", () => {
  for (const { promise, by, cases } of promised()) {
    it(`are proven by the table: ${promise.slice(0, 80)}`, () => {
      const some = cases.flatMap((name) => {
        const group = groups[name];
        assert.ok(group, name);
        return group;
      });
      assert.ok(by.length > 0);
      for (const point of by) {
        assert.ok(point === "pack" || point === "guard", point);
        const answers = some.map((one) => (point === "pack" ? one.organization : one.admission));
        assert.ok(answers.includes("refused"), `${point} refuses none`);
        assert.ok(answers.includes("allowed"), `${point} lets none pass`);
      }
    });
  }

  it("need every group of the table, and no other", () => {
    const named = new Set([...promised().flatMap(({ cases }) => cases), "unseen"]);
    assert.deepEqual([...named].sort(), Object.keys(GROUPS).sort());
  });

  it("do not hold for what no policy sees: all of that is let pass", () => {
    const answers = GROUPS.unseen.flatMap(({ organization, admission }) => [organization, admission]);
    assert.ok(answers.length > 20);
    assert.equal(answers.includes("refused"), false);
  });
});
