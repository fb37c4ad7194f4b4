import assert from "node:assert/strict";
import { printedFrom } from "../../support/fresh-process";

/** What a program prints, as JSON, in a process if nothing is loaded yet. */
function printed(program: string): unknown {
  return JSON.parse(printedFrom("index.cjs", program));
}

const loaded = `Object.keys(require.cache).filter((path) => /(typescript|arborist).lib/.test(path)).length > 0`;

describe("what the SDK needs to serialize functions", function () {
  this.timeout(30_000);

  it("is not loaded with the packages of the program and of the policy packs", () => {
    const packages = ["@pulumi/kubernetes", "@pulumi/command", "@pulumi/policy"];
    const program = packages.map((name) => `require("${name}");`).join(" ");
    assert.equal(
      printed(`require("./tools/lazy-sdk.cjs"); ${program} console.log(JSON.stringify(${loaded}))`),
      false,
    );
  });

  it("is loaded by the SDK if nothing lets it wait", () => {
    assert.equal(printed(`require("@pulumi/pulumi"); console.log(JSON.stringify(${loaded}))`), true);
  });

  it("works once it is used", () => {
    const serialize = `
      require("./tools/lazy-sdk.cjs");
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
