// The practice lab, run beside VS Code for as long as this process lives.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../vscode/root.mjs';

/**
 * Starts every simulated server.
 * @returns what `lab up --json` says (servers, their addresses, where the secrets are), the child, and `end`
 */
export async function startLab(scenarios = []) {
  // Attached: it takes itself down when our end of its standard input closes, whatever happened to us.
  const child = spawn(process.execPath, [join(root, 'scripts', 'lab.mjs'), 'up', ...scenarios, '--json', '--attached'], {
    cwd: root, detached: true, stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  let words = '';
  child.stderr.on('data', (chunk) => { words = (words + chunk).slice(-4_000); });
  const exited = once(child, 'exit');
  const end = async () => {
    child.stdin.end();
    await exited;
  };
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([text]) => text),
    exited.then(([code]) => { throw new Error(`the practice lab ended with ${code}: ${words.trim()}`); }),
  ]);
  return { ...JSON.parse(line), child, end };
}
