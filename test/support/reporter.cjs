// Mocha's own report for people, and the numbers for test/run.ts in the file that FUSE_TEST_COUNTS names.
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats;
      // A test that is skipped proves nothing: it counts as failed.
      const counts = { passed: passes, failed: failures + pending };
      if (process.env.FUSE_TEST_COUNTS) writeFileSync(process.env.FUSE_TEST_COUNTS, JSON.stringify(counts));
    });
  }
};
