// The whole suite, tier by tier; the last line is the sum: `N passed, N failed`.
// Usage: test.mjs [static] [unit] [protocol] [lab] [vscode] [newest] [ui]     (all of them, in this order, when none is named)
import { readdirSync } from 'node:fs';
import { buildAll } from './build.mjs';
import { bringPackedExtension } from './package/pack.mjs';
import { runTier } from './test/tier.mjs';

const out = process.env.OUT ?? 'out';
/** Files of a tier; those named are begun first: a long one begun last would leave a core idle. */
const files = (folder, first = []) => {
  const path = `${out}/test/${folder}`;
  const all = readdirSync(path, { recursive: true }).filter((file) => file.endsWith('.test.js')).sort();
  const early = first.map((name) => `${name}.test.js`);
  const missing = early.find((file) => !all.includes(file));
  if (missing !== undefined) throw new Error(`${folder} has no ${missing}`);
  return [...early, ...all.filter((file) => !early.includes(file))].map((file) => `${path}/${file}`);
};
const mocha = (folder, timeout, { more = [], first } = {}) => ['node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/test/reporter.cjs', '--forbid-only', '--forbid-pending',
  '--timeout', String(timeout), ...more, '--exit', ...files(folder, first)];
/** Two files beside each other: one core for each. Three were measured to be no faster, and some tests start fifty sessions. */
const parallel = ['--parallel', '--jobs', '2'];
const longest = ['scenario-matrix', 'canary', 'try-scenarios', 'try-winrm', 'run-abandonment', 'winrm-faults', 'try-own-file', 'diagnosis'];
/** Each tier: Node's arguments, once everything is built, and how many minutes it may take. */
const tiers = {
  static: [() => ['scripts/test/static.mjs'], 8],
  unit: [() => mocha('unit', 20_000), 6],
  protocol: [() => mocha('protocol', 60_000, { more: parallel }), 8],
  lab: [() => mocha('lab', 300_000, { more: parallel, first: longest }), 40],
  vscode: [() => ['test/vscode/run.mjs'], 12],
  // The same tests in the newest VS Code.
  newest: [() => ['test/vscode/run.mjs'], 12, { VSCODE_LEG: 'newest' }],
  ui: [() => mocha('ui', 180_000), 20],
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
    const [args, minutes, environment] = tiers[name];
    const started = Date.now();
    const result = await runTier(name, args(), Math.max(0.1, Math.min(minutes, (deadline - started) / 60_000)), environment);
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
