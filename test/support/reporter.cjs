// Mocha's own report for people, and the results for test/run.ts in the file that FUSE_TEST_COUNTS names.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failures = [];
    runner.on(Runner.constants.EVENT_TEST_FAIL, (test, error) => {
      failures.push(`${test.fullTitle()}: ${String(error?.message ?? error).split("\n", 1)[0]}`);
    });
    // A test that is skipped proves nothing: it counts as failed.
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => failures.push(`${test.fullTitle()}: skipped`));
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const counts = { passed: runner.stats.passes, failures };
      if (process.env.FUSE_TEST_COUNTS) writeFileSync(process.env.FUSE_TEST_COUNTS, JSON.stringify(counts));
    });
  }
};
