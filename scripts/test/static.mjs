// What needs no running: types and lint. Each is one test of the static tier.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../vscode/root.mjs';

const checks = [
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.']],
];
let passed = 0;
for (const [name, args] of checks) {
  const { status } = spawnSync(process.execPath, ['--max-old-space-size=4096', ...args.map((a, i) => (i === 0 ? join(root, a) : a))], { cwd: root, stdio: 'inherit' });
  if (status === 0) passed++;
  else process.stdout.write(`  failed: ${name}\n`);
}
const failed = checks.length - passed;
if (process.env.TIER_RESULT) writeFileSync(process.env.TIER_RESULT, JSON.stringify({ passed, failed }));
process.exitCode = failed > 0 ? 1 : 0;
