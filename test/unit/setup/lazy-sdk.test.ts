import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { printedFrom } from "../../support/fresh-process";

/** What a program prints, as JSON, in a process if nothing is loaded yet. */
function printed(program: string, environment?: Readonly<Record<string, string>>): unknown {
  return JSON.parse(printedFrom("index.cjs", program, environment));
}

// A placeholder is in the cache as well, without the search paths that Node.js sets when it loads a module.
const loaded = `Object.values(require.cache).filter(({ filename, paths }) => paths?.length > 0 && /(typescript|arborist).lib/.test(filename)).length > 0`;

describe("a part of the SDK that nothing here uses", function () {
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

  it("is loaded for another program of Node.js as that asks for it", () => {
    const preload = { NODE_OPTIONS: `--require ${join(__dirname, "../../../tools/preload.cjs")}` };
    const program = `const { transpile } = require("typescript"); console.log(JSON.stringify([${loaded}, transpile.length > 0]))`;
    assert.deepEqual(printed(program, preload), [true, true]);
  });

  it("compiles TypeScript once a policy pack has a file of it, and gives the compiler's version before", () => {
    const folder = mkdtempSync(join(tmpdir(), "fuse-test-lazy-"));
    try {
      const file = join(folder, "pack.ts");
      writeFileSync(file, "const seven: number = 7;\nexport { seven };\n");
      const program = `
        require("./tools/lazy-sdk.cjs");
        const compiler = require("typescript").version;
        require("ts-node").register({ transpileOnly: true, skipProject: true, compilerOptions: { module: "commonjs" } });
        const before = ${loaded};
        const { seven } = require(${JSON.stringify(file)});
        console.log(JSON.stringify([compiler, before, seven, ${loaded}]));`;
      assert.deepEqual(printed(program), [ts.version, false, 7, true]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("lets the Automation API and tracing wait, which work once they are used", () => {
    const program = `
      require("./tools/lazy-sdk.cjs");
      const pulumi = require("@pulumi/pulumi");
      const { Resource } = require("@opentelemetry/resources");
      console.log(JSON.stringify([typeof pulumi.automation.LocalWorkspace, typeof Resource.default]));`;
    assert.deepEqual(printed(program), ["function", "function"]);
  });
});

describe("stack traces in the SDK's programs", () => {
  const print = `
    require("./tools/stack-traces.cjs");
    const trace = (error) => error.stack.split(/\\n */);
    console.log(JSON.stringify([trace(new Error()), trace(new TypeError("seen"))]));`;

  it("look up source positions only of errors that have a message", () => {
    const [promise = [], error] = printed(
      `Error.prepareStackTrace = (error) => "mapped " + error.message; ${print}`,
    ) as string[][];
    assert.equal(promise[0], "Error");
    assert.match(promise[1] ?? "", /^at /);
    assert.deepEqual(error, ["mapped seen"]);
  });

  it("are left to Node.js if nothing looks up source positions", () => {
    const [promise = [], error = []] = printed(print) as string[][];
    assert.deepEqual([promise[0], error[0]], ["Error", "TypeError: seen"]);
  });
});
