// Runs one tier as a program of its own, bounded in time, and takes its counts from the file it writes.
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startGuarded } from '../vscode/guarded.mjs';
import { root } from '../vscode/root.mjs';
import { endLeftovers } from './leftovers.mjs';

/**
 * @param name the tier
 * @param args Node's arguments
 * @param minutes after which the tier is ended, which is a failure
 * @returns {Promise<{ passed: number, failed: number, problems: string[] }>}
 */
export async function runTier(name, args, minutes, env = {}) {
  const folder = mkdtempSync(join(tmpdir(), `tier-${name}-`));
  const result = join(folder, 'result.json');
  const mark = `ENTRA_TEST_RUN=${randomUUID()}`;
  mkdirSync(join(root, 'out', 'log'), { recursive: true });
  const log = createWriteStream(join(root, 'out', 'log', `${name}.log`));
  const problems = [];
  try {
    const { child, end } = startGuarded(process.execPath, args, {
      env: { ...process.env, TIER_RESULT: result, ENTRA_TEST_RUN: mark.split('=')[1], FORCE_COLOR: '0', ...env },
    });
    for (const [stream, target] of [[child.stdout, process.stdout], [child.stderr, process.stderr]]) {
      stream.on('data', (chunk) => {
        log.write(chunk);
        target.write(chunk);
      });
    }
    const timer = setTimeout(() => {
      problems.push(`not done within ${minutes} minutes`);
      void end();
    }, minutes * 60_000);
    const code = await new Promise((resolve) => { child.on('close', resolve); });
    clearTimeout(timer);
    const left = await endLeftovers(mark);
    if (left.length > 0) problems.push(`left ${left.length} processes behind: ${left.join(' | ')}`);
    const counts = readCounts(result);
    const times = Object.entries(counts?.files ?? {}).sort(([, one], [, other]) => other - one);
    if (times.length > 0) writeFileSync(join(root, 'out', 'log', `${name}.times`), times.map(([file, milliseconds]) => `${(milliseconds / 1000).toFixed(1)} ${basename(file)}\n`).join(''));
    if (!counts) problems.push(`ended with ${code} and no result`);
    else if (counts.passed === 0 && counts.failed === 0) problems.push('no test ran');
    else if (code !== 0 && counts.failed === 0) problems.push(`ended with ${code} although no test failed`);
    return { passed: counts?.passed ?? 0, failed: (counts?.failed ?? 0) + problems.length, problems };
  } finally {
    log.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCounts(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
