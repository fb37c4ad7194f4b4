// Prints mocha's own report, and writes the results for test/run.ts to the file that FUSE_TEST_RESULTS names.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class ResultsReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failures.push(`${test.fullTitle()}: ${String(error?.message ?? error).split("\n", 1)[0]}`);
    });
    // A test that is skipped proves nothing: it counts as failed.
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => failures.push(`${test.fullTitle()}: skipped`));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const file = process.env.FUSE_TEST_RESULTS;
      if (file) writeFileSync(file, JSON.stringify({ passed: runner.stats.passes, failures }));
    });
  }
};
