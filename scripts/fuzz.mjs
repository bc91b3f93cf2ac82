// npm run fuzz [FACTOR]: every property and every mutation test with FACTOR times as many cases as in `npm test` (50), with fresh
// seeds. A counterexample is printed with its seed and path; the last line is the sum.
import { buildAll } from './build.mjs';
import { runTier } from './test/tier.mjs';

const factor = process.argv[2] ?? '50';
if (!/^[1-9][0-9]{0,5}$/.test(factor)) {
  process.stderr.write(`fuzz: '${factor}' is no whole number above 0\n`);
  process.exit(2);
}
const out = process.env.OUT ?? 'out';
process.env.FUZZ_FACTOR = factor;
await buildAll(['test'], true);
const started = Date.now();
const { passed, failed, problems } = await runTier('fuzz', ['node_modules/mocha/bin/mocha.js', '--reporter', 'scripts/test/reporter.cjs', '--timeout', '0', '--exit',
  `${out}/test/protocol/**/*.test.js`, `${out}/test/unit/**/*.test.js`], 600);
for (const problem of problems) process.stdout.write(`  fuzz: ${problem}\n`);
process.stdout.write(`${factor} times the suite's cases in ${Math.round((Date.now() - started) / 1000)} s\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
