// What a tier prints: its failures in full, its own count, and nothing else. The counts also go to the file TIER_RESULT names, with
// how long the tests of each file took, in milliseconds.
const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

const { EVENT_RUN_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Mocha.Runner.constants;

class Tier extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const files = new Map();
    runner.on(EVENT_TEST_PASS, ({ file, duration }) => { files.set(file, (files.get(file) ?? 0) + duration); });
    runner.on(EVENT_TEST_FAIL, (test) => Mocha.reporters.Base.consoleLog(`  failed: ${test.fullTitle()}`));
    runner.on(EVENT_TEST_PENDING, (test) => Mocha.reporters.Base.consoleLog(`  skipped, which is a failure: ${test.fullTitle()}`));
    runner.once(EVENT_RUN_END, () => {
      const { passes, failures, pending } = this.stats;
      if (failures > 0) Mocha.reporters.Base.list(this.failures);
      if (process.env.TIER_RESULT) writeFileSync(process.env.TIER_RESULT, JSON.stringify({ passed: passes, failed: failures + pending, files: Object.fromEntries(files) }));
    });
  }
}

module.exports = Tier;
