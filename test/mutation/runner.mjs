// Runs mocha in Stryker's worker process. Stryker's own plugin needs an older mocha; and most mutants here are in data
// that is read when a module is loaded: this one loads the project's modules anew for those, in the same process.
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { INSTRUMENTER_CONSTANTS } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import Mocha from "mocha";

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(import.meta.url);
const { require: hooks, spec, timeout } = require("./mocha.json");
const dependencies = `${sep}node_modules${sep}`;

/** What the rules keep of earlier runs: a mutant would be given what the program computed without it. */
const REMEMBER = join("policy", "rules", "remember.ts");

/** A reporter that notes how every test ended. */
function noting(tests) {
  return function note(runner) {
    const ended = (status) => (test, error) =>
      tests.push({
        id: test.fullTitle(),
        name: test.fullTitle(),
        status,
        timeSpentMs: test.duration ?? 0,
        failureMessage: error?.message ?? "",
      });
    runner.on("pass", ended(TestStatus.Success)).on("fail", ended(TestStatus.Failed));
  };
}

class MochaInProcess {
  context = (globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] ??= {});
  mocha = undefined;

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    for (const hook of hooks) require(join(here, "..", "..", hook));
  }

  async dryRun() {
    const { context } = this;
    const result = await this.run({
      reload: true,
      before: (test) => (context.currentTestId = test.fullTitle()),
    });
    return { ...result, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation, reloadEnvironment }) {
    const { context } = this;
    context.hitLimit = hitLimit;
    context.hitCount = hitLimit === undefined ? undefined : 0;
    context.activeMutant = mutantActivation === "static" ? activeMutant.id : undefined;
    const result = await this.run({
      reload: reloadEnvironment,
      titles: testFilter,
      before: () => (context.activeMutant = activeMutant.id),
    });
    return toMutantRunResult(determineHitLimitReached(context.hitCount, context.hitLimit) ?? result);
  }

  /** Loads the tests and what they test, as they are in the sandbox. */
  load() {
    this.mocha = undefined;
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(process.cwd() + sep) && !file.includes(dependencies)) delete require.cache[file];
    }
    const mocha = new Mocha({ timeout, bail: true });
    mocha.cleanReferencesAfterRun(false);
    for (const file of spec) mocha.addFile(resolve(file));
    mocha.loadFiles();
    this.mocha = mocha;
  }

  async run({ reload, titles, before }) {
    const tests = [];
    try {
      if (reload || this.mocha === undefined) this.load();
      require.cache[resolve(REMEMBER)]?.exports.forget();
      const { mocha } = this;
      mocha.reporter(noting(tests));
      // A set, because a pattern of some thousand titles would take longer than the tests.
      const wanted = titles === undefined ? undefined : new Set(titles);
      mocha.options.grep = { test: (title) => wanted?.has(title) ?? true };
      await new Promise((ended) => mocha.run(ended).on("test", before));
      return { status: DryRunStatus.Complete, tests };
    } catch (error) {
      return { status: DryRunStatus.Error, errorMessage: String(error) };
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "mocha-in-process", MochaInProcess)];
