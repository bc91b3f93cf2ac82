// What needs no running: types and lint, side by side. Each is one test of the static tier.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { root } from '../vscode/root.mjs';

const checks = {
  types: ['node_modules/typescript/bin/tsc', '--noEmit'],
  page: ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'media'],
  lint: ['node_modules/eslint/bin/eslint.js', '--max-warnings', '0', '.'],
};
const results = await Promise.all(Object.entries(checks).map(async ([name, args]) => {
  const child = spawn(process.execPath, ['--max-old-space-size=4096', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => { output += chunk; });
  const [code] = await once(child, 'close');
  if (code !== 0) process.stdout.write(`${output}\n  failed: ${name}\n`);
  return code === 0;
}));
const passed = results.filter(Boolean).length;
const failed = results.length - passed;
if (process.env.TIER_RESULT) writeFileSync(process.env.TIER_RESULT, JSON.stringify({ passed, failed }));
process.exitCode = failed > 0 ? 1 : 0;
