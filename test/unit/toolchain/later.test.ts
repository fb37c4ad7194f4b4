import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { printedFrom } from "../../support/fresh-process";

const project = join(__dirname, "..", "..", "..");

/** What a program prints, as JSON, in a process where nothing is loaded yet. */
function printed(program: string, file = "index.cjs"): unknown {
  return JSON.parse(printedFrom(file, program));
}

const loaded = `Object.keys(require.cache).filter((path) => /(typescript|arborist).lib/.test(path)).length > 0`;

describe("what the SDK needs to serialize functions", function () {
  this.timeout(30_000);

  for (const file of ["index.cjs", "policy/index.cjs", "policy/organization/index.cjs"]) {
    it(`is not loaded with the packages of ${file}`, () => {
      const [packages = "", rest] = readFileSync(join(project, file), "utf8").split('require("tsx/cjs")');
      assert.notEqual(rest, undefined);
      assert.equal(printed(`${packages} console.log(JSON.stringify(${loaded}))`, file), false);
    });
  }

  it("is loaded by the SDK where nothing lets it wait", () => {
    assert.equal(printed(`require("@pulumi/pulumi"); console.log(JSON.stringify(${loaded}))`), true);
  });

  it("works once it is used", () => {
    const serialize = `
      require("./toolchain/later.cjs");
      const { runtime } = require("@pulumi/pulumi");
      const text = runtime.serializeFunction(() => 42);
      const paths = runtime.computeCodePaths();
      Promise.all([text, paths]).then(([{ text }, paths]) => {
        console.log(JSON.stringify([text.includes("42"), paths.size > 0, ${loaded}]));
        process.exit(0);
      });`;
    assert.deepEqual(printed(serialize), [true, true, true]);
  });
});
