import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const project = join(__dirname, "..", "..", "..");

/** Runs a program in a process of its own, where nothing is loaded yet, and gives what it prints. */
function printed(program: string): unknown {
  const text = execFileSync(process.execPath, ["-e", program], {
    cwd: project,
    encoding: "utf8",
    stdio: "pipe",
  });
  return JSON.parse(text);
}

const loaded = `Object.keys(require.cache).filter((path) => /(typescript|arborist).lib/.test(path)).length > 0`;

describe("what the SDK needs to serialize functions", function () {
  this.timeout(30_000);

  for (const file of ["index.cjs", "policy/index.cjs", "policy/organization/index.cjs"]) {
    it(`is not loaded with the packages of ${file}`, () => {
      const [packages = "", rest] = readFileSync(join(project, file), "utf8").split('require("tsx/cjs")');
      assert.notEqual(rest, undefined);
      const from = `require("node:module").createRequire(${JSON.stringify(join(project, file))})`;
      const program = `((require) => {${packages}})(${from}); console.log(JSON.stringify(${loaded}))`;
      assert.equal(printed(program), false);
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
