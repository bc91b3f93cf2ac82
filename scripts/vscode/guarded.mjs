import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './root.mjs';

/**
 * Starts a program that ends, with everything it started in its group, when we end in whatever way.
 * @returns {{ child: import('node:child_process').ChildProcess, end: () => Promise<void> }}
 */
export function startGuarded(command, args, { env = process.env, cwd = root } = {}) {
  const child = spawn(process.execPath, [join(root, 'scripts', 'vscode', 'guard.mjs'), command, ...args], {
    cwd, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  const exited = once(child, 'exit');
  exited.catch(() => undefined);
  return {
    child,
    end: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
