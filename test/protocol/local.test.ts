import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { startProcess } from '../../src/remote/local/process.ts';
import type { ProcessChannel } from '../../src/remote/local/process.ts';
import type { RemoteError } from '../../src/remote/error.ts';
import { openOverChannel } from '../../src/remote/outofproc/open.ts';

const node = (script: string): ProcessChannel => startProcess({ file: process.execPath, args: ['-e', script] });

async function textOf(channel: ProcessChannel): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of channel.incoming) parts.push(part);
  return Buffer.concat(parts).toString();
}

const running = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // Where nothing reaps orphans (a container's first process), one that has ended stays listed as a zombie.
    return process.platform !== 'linux' || !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a child process as a channel', function () {
  this.timeout(60_000);

  it('carries bytes both ways and tells the exit code', async () => {
    const channel = node("process.stdin.on('data', (d) => process.stdout.write(d)); process.stdin.on('end', () => process.exit(7))");
    await channel.write(Buffer.from('hello'));
    const closing = channel.close(20_000);
    assert.equal(await textOf(channel), 'hello');
    await closing;
    assert.deepEqual(await channel.ended, { exitCode: 7, signal: undefined, error: undefined });
  });

  it('gives the program exactly the arguments and the environment, without a shell', async () => {
    const channel = startProcess({ file: process.execPath, args: ['-e', 'console.log(JSON.stringify([process.argv.slice(1), process.env.ONLY]))', '--', '$HOME "x" ; echo'], env: { ONLY: 'this' } });
    assert.deepEqual(JSON.parse(await textOf(channel)), [['$HOME "x" ; echo'], 'this']);
    await channel.close(20_000);
  });

  it('keeps the end of standard error only', async () => {
    const channel = node("process.stderr.write('x'.repeat(100000) + 'the end')");
    await textOf(channel);
    await channel.ended;
    await channel.close(0);
    assert.ok(channel.errorText().endsWith('the end') && channel.errorText().length <= 4096);
  });

  it('that cannot be started fails the session as unreachable, with the reason', async () => {
    const channel = startProcess({ file: '/nowhere/powershell.exe', args: [] });
    await assert.rejects(openOverChannel(channel, { server: 'here', transport: 'local process', encryption: undefined }), (e: RemoteError) => e.failure.reason === 'unreachable' && e.message.includes('ENOENT'));
    assert.match((await channel.ended).error?.message ?? '', /ENOENT/);
    await channel.close(0);
  });

  it('ends the program together with what it started, however it refuses', async () => {
    const channel = node(`process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});
const child = require('node:child_process').spawn(process.execPath, ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)'], { stdio: 'ignore' });
process.stdout.write(String(child.pid) + '\\n'); setInterval(() => {}, 1000);`);
    const first = await channel.incoming[Symbol.asyncIterator]().next();
    const grandchild = Number(Buffer.from(first.value as Uint8Array).toString());
    assert.ok(grandchild > 0 && running(grandchild));
    await channel.close(50);
    assert.equal((await channel.ended).signal, 'SIGKILL');
    while (running(grandchild)) await new Promise(setImmediate);
  });

  it('may be closed twice, and while nobody reads what it writes', async () => {
    const channel = node("process.stdout.write('x'.repeat(10_000_000)); process.stdin.resume(); process.stdin.on('end', () => process.exit(0))");
    await Promise.all([channel.close(20_000), channel.close(20_000)]);
    assert.notEqual(await channel.ended, undefined);
  });

  const peers: readonly (readonly [name: string, script: string, reason: string, quoted: RegExp | undefined])[] = [
    ['echoes like a terminal', "process.stdin.pipe(process.stdout)", 'bad-peer', undefined],
    ['says something else and ends', "console.log('Hello from a shell'); process.exit(1)", 'bad-peer', /Hello from a shell/],
    ['complains and ends', "console.error('out of licences'); process.exit(3)", 'bad-peer', /out of licences/],
    ['writes without end', "setInterval(() => process.stdout.write('y\\n'.repeat(10000)), 0)", 'limit-exceeded', /y\ny/],
    ['never answers', 'process.stdin.resume()', 'silent-peer', undefined],
  ];
  for (const [name, script, reason, quoted] of peers) {
    it(`a program that ${name} is no server: ${reason}`, async () => {
      const channel = node(script);
      const error: unknown = await openOverChannel(channel, { server: 'here', transport: 'local process', encryption: undefined, openTimeout: reason === 'silent-peer' ? 300 : 30_000 }).then(() => assert.fail('it opened'), (e: unknown) => e);
      const { failure } = error as RemoteError;
      assert.equal(failure.reason, reason, failure.message);
      if (quoted !== undefined) assert.match(failure.quoted ?? '', quoted);
      await channel.ended;
      assert.equal(running(channel.pid ?? 0), false);
    });
  }
});
