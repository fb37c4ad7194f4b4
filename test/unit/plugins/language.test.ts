import assert from "node:assert/strict";
import fc from "fast-check";
import { parseOptions, splitArguments } from "../../../tools/plugins/language/options";
import { requiredPackage } from "../../../tools/plugins/language/packages";
import {
  outcome,
  runArguments,
  runEnvironment,
  type RunRequest,
  sdkScript,
} from "../../../tools/plugins/language/program";

const request: RunRequest = {
  organization: "organization",
  project: "tiny",
  stack: "dev",
  config: { "tiny:a": "1" },
  configSecretKeys: ["tiny:b"],
  dryRun: false,
  parallel: 0,
  monitor: "127.0.0.1:1",
  engine: "127.0.0.1:2",
  rootDirectory: "/p",
  pwd: "/p",
  program: "index.ts",
  arguments: [],
};

describe("the language host", () => {
  it("compiles TypeScript itself unless configured otherwise", () => {
    assert.deepEqual(parseOptions(undefined), { typescript: true, nodeArguments: [] });
    assert.deepEqual(parseOptions({ typescript: false, nodeargs: "--import loader" }), {
      typescript: false,
      nodeArguments: ["--import", "loader"],
    });
  });

  it("names a runtime option that has a wrong type", () => {
    assert.throws(() => parseOptions({ typescript: "no" }), {
      message:
        'runtime.options.typescript in Pulumi.yaml: expected true or false, got "no"; correct it there',
    });
    assert.throws(() => parseOptions({ nodeargs: 1 }), /nodeargs in Pulumi\.yaml: expected a string, got 1/u);
  });

  it("splits a command line as a shell does", () => {
    assert.deepEqual(splitArguments(""), []);
    assert.deepEqual(splitArguments("  --a  'b c' \"d \\\" e\" f\\ g ''"), [
      "--a",
      "b c",
      'd " e',
      "f g",
      "",
    ]);
    assert.throws(() => splitArguments("--a 'b"), {
      message: "a quote or backslash is not closed in: --a 'b",
    });
  });

  it("gives back any words that were quoted", () => {
    const word = fc.string().filter((text) => !text.includes("'"));
    fc.assert(
      fc.property(fc.array(word), (words) => {
        assert.deepEqual(splitArguments(words.map((text) => `'${text}'`).join(" ")), words);
      }),
    );
  });

  it("passes what the SDK's run script requires, and leaves out what is empty", () => {
    const options = parseOptions({ typescript: false, nodeargs: "--import loader" });
    assert.deepEqual(runArguments({ ...request, organization: "" }, "/sdk/run.js", options), [
      ...["--import", "loader", "/sdk/run.js", "--project", "tiny", "--stack", "dev", "--pwd", "/p"],
      ...["--monitor", "127.0.0.1:1", "--engine", "127.0.0.1:2", "--root-directory", "/p", "index.ts"],
    ]);
    const dry = runArguments({ ...request, dryRun: true, parallel: 4, program: "" }, "/sdk/run.js", options);
    assert.deepEqual(dry.slice(-4), ["--parallel", "4", "--dry-run", "."]);
  });

  it("hands the configuration over in the environment", () => {
    assert.deepEqual(runEnvironment(request, parseOptions({ typescript: false })), {
      PULUMI_CONFIG: '{"tiny:a":"1"}',
      PULUMI_CONFIG_SECRET_KEYS: '["tiny:b"]',
      PULUMI_NODEJS_TYPESCRIPT: "false",
    });
  });

  it("tells a failure that was shown already from one that was not", () => {
    assert.deepEqual(outcome(0, null), { error: "", bail: false });
    assert.deepEqual(outcome(32, null), { error: "", bail: true });
    assert.deepEqual(outcome(1, null), { error: "Program exited with non-zero exit code: 1", bail: false });
    assert.deepEqual(outcome(null, "SIGKILL"), {
      error: "Program was killed by the signal SIGKILL",
      bail: false,
    });
  });

  it("says how to install the SDK if it is missing", () => {
    assert.throws(() => sdkScript("run", "/nonexistent"), /Install it: npm ci$/u);
  });

  it("finds the plugin that a package needs", () => {
    assert.equal(requiredPackage({ name: "left-pad", version: "1.0.0" }), undefined);
    assert.equal(
      requiredPackage({ name: "@pulumi/x", version: "1.0.0", pulumi: { resource: false } }),
      undefined,
    );
    assert.deepEqual(requiredPackage({ name: "@pulumi/x", version: "1.0.0", pulumi: { resource: true } }), {
      name: "x",
      version: "v1.0.0",
      server: "",
    });
    assert.deepEqual(
      requiredPackage({
        name: "@other/y",
        version: "1.0.0",
        pulumi: { resource: true, name: "z", version: "v2.0.0", server: "https://example.com" },
      }),
      { name: "z", version: "v2.0.0", server: "https://example.com" },
    );
  });
});
