import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

describe('the guard of a process group', () => {
  const started: ChildProcess[] = [];
  const strays: number[] = [];

  function guard(script: string): ChildProcess {
    const child = spawn(process.execPath, [join(process.cwd(), 'scripts', 'vscode', 'guard.mjs'), '/bin/sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
    started.push(child);
    return child;
  }

  /** Reads the first line that the guarded program prints. */
  async function line(child: ChildProcess): Promise<string> {
    let text = '';
    for await (const chunk of child.stdout!) {
      text += String(chunk);
      if (text.includes('\n')) break;
    }
    return text.trim();
  }

  function runs(pid: number): boolean {
    try {
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  }

  afterEach(() => {
    for (const pid of strays.splice(0)) process.kill(pid, 'SIGKILL');
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  it('gives the program\'s own exit code', async () => {
    const [code] = await once(guard('exit 7'), 'exit') as [number];
    assert.equal(code, 7);
  });

  it('ends the whole group when nobody holds its input any more', async () => {
    const child = guard('sleep 60 & echo $!; wait');
    const pid = Number(await line(child));
    assert.equal(runs(pid), true);
    child.stdin!.end();
    await once(child, 'exit');
    assert.equal(runs(pid), false);
  });

  it('does not wait for a zombie that nobody reaps', async () => {
    // The parent of the short sleep leaves the group and never asks how its child ended.
    const child = guard('sh -c "echo \\$\\$; sleep 0.2 & echo \\$!; exec setsid sleep 60" & wait');
    let text = '';
    for await (const chunk of child.stdout!) {
      text += String(chunk);
      if (text.split('\n').length > 2) break;
    }
    const [parent, zombie] = text.trim().split('\n').map(Number);
    strays.push(parent!);
    while (runs(zombie!)) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(runs(parent!), true);
    child.stdin!.end();
    await once(child, 'exit');
  });
});
