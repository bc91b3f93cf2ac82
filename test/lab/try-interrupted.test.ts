import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { eventually, processesNaming, startLab, tryTimeout } from './support/lab-command.ts';

function folderOf(child: ChildProcess): string | undefined {
  const cache = join(process.cwd(), '.cache', 'lab');
  if (!existsSync(cache)) return undefined;
  const name = readdirSync(cache).find((candidate) => candidate.startsWith(`servers-${child.pid ?? 0}-`));
  return name === undefined ? undefined : join(cache, name);
}

async function ended(child: ChildProcess): Promise<number | null> {
  return await new Promise((resolve) => child.once('close', resolve));
}

describe('try, interrupted', function () {
  this.timeout(tryTimeout);

  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    it(`takes its server down after ${signal} in the middle of a repair`, async () => {
      const child = startLab(['try', 'key-lost-current'], { stdin: 'ignore' });
      let stdout = '';
      child.stdout?.setEncoding('utf8').on('data', (text: string) => { stdout += text; });
      await eventually('a run has begun', () => stdout.includes('== '), tryTimeout);
      const folder = folderOf(child)!;
      assert.ok(processesNaming(folder).length > 0);
      const end = ended(child);
      child.kill(signal);
      assert.equal(await end, signal === 'SIGKILL' ? null : 130);
      await eventually('its folder is gone', () => !existsSync(folder));
      await eventually('no process names the folder', () => processesNaming(folder).length === 0);
    });
  }

  it('gives up at its time limit, says so, and leaves nothing', async () => {
    const child = startLab(['try', 'key-lost-current', '--limit', '1', '--json'], { stdin: 'ignore' });
    let stderr = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => { stderr += text; });
    let folder: string | undefined;
    const timer = setInterval(() => { folder ??= folderOf(child); }, 20);
    assert.equal(await ended(child), 1);
    clearInterval(timer);
    assert.match(stderr, /Not finished within 1 s\.\n$/);
    assert.ok(folder !== undefined);
    assert.equal(existsSync(folder), false);
    await eventually('no process names the folder', () => processesNaming(folder!).length === 0);
  });
});
