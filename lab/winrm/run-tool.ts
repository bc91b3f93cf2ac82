import { spawn } from 'node:child_process';
import type { Guardian } from '../guardian.ts';
import { LabError } from '../lab-error.ts';
import { killGroup } from '../processes.ts';

/** Longest that one of Kerberos' programs may run, in milliseconds. */
const timeLimit = 20_000;

/** Runs a program to its end, `input` (where secrets go) on its standard input. Rejects with a LabError that quotes what it said. */
export async function runTool(program: string, words: readonly string[], input: string, environment: NodeJS.ProcessEnv, guardian: Guardian): Promise<void> {
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'], detached: true, env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment } });
  const pid = child.pid;
  if (pid !== undefined) guardian.watch(pid);
  const timer = setTimeout(() => { if (pid !== undefined) killGroup(pid); }, timeLimit);
  let said = '';
  child.stdout.resume();
  child.stderr.setEncoding('utf8').on('data', (text: string) => { said = (said + text).slice(-2000); });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new LabError(`${program} failed with exit code ${code ?? -1}: ${said.trim()}`, 1);
  } finally {
    clearTimeout(timer);
    if (pid !== undefined) guardian.forget(pid);
  }
}
