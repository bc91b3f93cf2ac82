// The whole suite, tier by tier; the last line is the sum: `N passed, N failed`.
// Usage: test.mjs [static] [unit] [protocol] [lab] [vscode] [ui]     (all of them, in this order, when none is named)
import { buildAll } from './build.mjs';
import { bringPackedExtension } from './package/pack.mjs';
import { runTier } from './test/tier.mjs';

const out = process.env.OUT ?? 'out';
const mocha = (folder, timeout, more = []) => ['node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/test/reporter.cjs', '--forbid-only', '--forbid-pending',
  '--timeout', String(timeout), ...more, '--exit', `${out}/test/${folder}/**/*.test.js`];
/** Two files beside each other: one core for each, and the lab's tests wait for simulated servers half of the time. */
const parallel = ['--parallel', '--jobs', '2'];
/** Each tier: Node's arguments and how many minutes it may take. */
const tiers = {
  static: [['scripts/test/static.mjs'], 8],
  unit: [mocha('unit', 20_000), 6],
  protocol: [mocha('protocol', 60_000, parallel), 8],
  lab: [mocha('lab', 300_000, parallel), 40],
  vscode: [['test/vscode/run.mjs'], 12],
  ui: [mocha('ui', 180_000), 20],
};
/** A hang ends the suite long before CI's own limit; how long it takes where nothing hangs is printed, not asserted. */
const deadline = Date.now() + 70 * 60_000;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !Object.hasOwn(tiers, name));
if (unknown.length > 0) {
  process.stderr.write(`no tier '${unknown[0]}': one of ${Object.keys(tiers).join(', ')}\n`);
  process.exit(2);
}
const names = Object.keys(tiers).filter((name) => wanted.length === 0 || wanted.includes(name));

let passed = 0;
let failed = 0;
try {
  if (names.some((name) => name !== 'static')) {
    await bringPackedExtension();
    await buildAll(['cli', 'lab', 'test'], true);
  }
  for (const name of names) {
    const [args, minutes] = tiers[name];
    const started = Date.now();
    const result = await runTier(name, args, Math.max(0.1, Math.min(minutes, (deadline - started) / 60_000)));
    for (const problem of result.problems) process.stdout.write(`  ${name} tier: ${problem}\n`);
    process.stdout.write(`${name}: ${result.passed} passed, ${result.failed} failed (${Math.round((Date.now() - started) / 1000)} s)\n`);
    passed += result.passed;
    failed += result.failed;
  }
} catch (error) {
  process.stdout.write(`${error.stack ?? error}\n`);
  failed++;
}
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
process.stdout.write(`${passed} passed, ${failed} failed\n`);
