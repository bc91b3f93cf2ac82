import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { PowerShellSession, StreamRecord } from '../../src/session.ts';
import { SoapClient } from './support/soap-client.ts';
import { TestListener } from './support/test-listener.ts';
import { failure, output, WinRmClient } from './support/winrm-client.ts';
import { WinRmRelay } from './support/winrm-relay.ts';

/** Counts slowly: what a person would not want to lose. */
const counting = (last: number): string => `foreach ($i in 1..${last}) { $i; [Threading.Thread]::Sleep(10) }`;

describe('Surviving over WinRM', function () {
  this.timeout(60_000);
  let listener: TestListener;
  let client: WinRmClient;
  let relay: WinRmRelay;
  before(async () => { listener = await TestListener.start([{ name: 'bare', limits: { bufferBytes: 65_536 } }]); });
  after(async () => { await listener[Symbol.asyncDispose](); });
  beforeEach(async () => {
    client = await WinRmClient.create(listener);
    relay = await WinRmRelay.start(listener.server('bare').httpPort);
  });
  afterEach(async () => {
    relay.cut = undefined;
    await client.dispose();
    await relay[Symbol.asyncDispose]();
    await noShells(listener);
  });

  const opened = async (): Promise<PowerShellSession> => (await client.connect({ port: relay.port })).openSession();
  const numbers = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

  it('a connection that is cut again and again under a running script costs no output', async () => {
    const session = await opened();
    const values: unknown[] = [];
    for await (const record of session.invoke(counting(200))) {
      values.push(record.value);
      if (values.length % 40 === 20) relay.cutAll();
    }
    assert.deepEqual(values, numbers(200));
    assert.ok(relay.connections > 3);
    assert.deepEqual(await output(session, '"after"'), ['after']);
  });

  it('every answer that is lost on the way to a waiting Receive is given again', async () => {
    const session = await opened();
    let lost = 0;
    let since = 0;
    relay.cut = (_request, head) => {
      // Two requests of a fresh authentication, then the Receive itself.
      if (head.includes('Content-Length: 0\r\n') || ++since % 3 !== 2) return undefined;
      lost++;
      return 'after';
    };
    const pipeline = session.invoke(counting(100));
    const values: unknown[] = [];
    for await (const record of pipeline) values.push(record.value);
    relay.cut = undefined;
    assert.deepEqual(values, numbers(100));
    assert.equal((await pipeline.result).state, 'completed');
    assert.ok(lost > 3, `${lost} lost`);
  });

  it('connections that were dropped while nothing ran are made anew by the next script', async () => {
    const session = await opened();
    await output(session, '1');
    relay.cutAll();
    await listener.drop();
    assert.deepEqual(await output(session, '"next"'), ['next']);
    assert.equal(session.alive, true);
  });

  it('a command whose answer was lost is not sent again: one clear error, and the session is over', async () => {
    const session = await opened();
    await output(session, '1');
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    let posts = 0;
    relay.cut = () => ++posts === 1 ? 'after' : undefined;
    const told = await failure(session.invoke('[IO.File]::AppendAllText($env:TMPDIR + "/ran", "x")').result, 'connection-lost');
    assert.match(told.message, /^Starting a command failed: The connection was lost during starting a command/);
    assert.match(told.remedy, /unknown/);
    assert.equal(session.alive, false);
    assert.equal((await session.closed)?.reason, 'connection-lost');
  });

  it('a command that never reached the server is not sent again either', async () => {
    const session = await opened();
    await output(session, '1');
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    let posts = 0;
    relay.cut = () => ++posts === 1 ? 'before' : undefined;
    await failure(session.invoke('1').result, 'connection-lost');
    assert.ok(posts <= 4, `${posts} requests: the command, and the shell's deletion on a connection of its own`);
  });

  for (const request of [1, 2, 3, 4, 5] as const) {
    for (const when of ['before', 'after'] as const) {
      it(`connecting that is cut ${when} request ${request} ends in a session or in one error`, async () => {
        relay.cut = (number) => number === request ? when : undefined;
        // Requests 1 and 2 authenticate, 3 creates the shell; 4 and 5 receive, and are repeated.
        if (request > 3) {
          assert.deepEqual(await output(await opened(), '"open"'), ['open']);
        } else {
          await client.refused({ port: relay.port }, 'connection-lost');
          await noShells(listener);
        }
      });
    }
  }

  it('a server that stays away ends a running script in one error, in bounded time', async () => {
    const connection = await client.connect({ port: relay.port, options: { limits: { retries: [0, 50, 50] } } });
    const session = await connection.openSession();
    const pipeline = session.invoke(counting(10_000));
    for await (const record of pipeline) {
      if (record.value === 3) break;
    }
    relay.cut = () => 'before';
    relay.cutAll();
    await failure(pipeline.result, 'connection-lost');
    assert.equal(session.alive, false);
  });

  it('a script goes on while its session is left, and its output waits', async () => {
    const session = await opened();
    const { disconnection } = session;
    assert.ok(disconnection !== undefined);
    const pipeline = session.invoke(counting(150));
    const records = pipeline[Symbol.asyncIterator]();
    const take = async (count: number): Promise<unknown[]> => {
      const values: unknown[] = [];
      for (let i = 0; i < count; i++) values.push((await records.next() as IteratorYieldResult<StreamRecord>).value.value);
      return values;
    };
    const first = await take(10);
    await disconnection.disconnect();
    relay.cutAll();
    await disconnection.reconnect();
    const second = await take(100);
    await disconnection.disconnect();
    await disconnection.disconnect();
    await disconnection.reconnect();
    const last = await take(40);
    assert.deepEqual([...first, ...second, ...last], numbers(150));
    assert.equal((await records.next()).done, true);
    assert.equal((await pipeline.result).state, 'completed');
  });

  it('another client takes over a session that was left, with the rest of the output, and stops what runs in it', async () => {
    const connection = await client.connect({ port: relay.port });
    const session = await connection.openSession();
    const id = session.disconnection?.id ?? assert.fail();
    const before: unknown[] = [];
    const pipeline = session.invoke(`$global:kept = 5; ${counting(100)}`, { scope: 'runspace' });
    for await (const record of pipeline) {
      before.push(record.value);
      if (before.length === 20) await session.disconnection?.disconnect();
      if (before.length === 20) break;
    }
    await connection[Symbol.asyncDispose]();
    await failure(pipeline.result, 'closed');

    const other = await client.connect();
    const left = await other.disconnected?.list();
    assert.deepEqual(left?.map((one) => one.id), [id]);
    const taken = await other.disconnected?.connect(id) ?? assert.fail();
    assert.equal(taken.session.peer.protocolVersion, '2.3');
    assert.equal(taken.pipelines.length, 1);
    const after: unknown[] = [];
    for await (const record of taken.pipelines[0] ?? assert.fail()) after.push(record.value);
    // What the first client had received but not read is gone with it; nothing else is.
    assert.ok(after.length > 0 && after.length <= 80);
    assert.deepEqual(after, numbers(100).slice(100 - after.length));
    assert.equal((await taken.pipelines[0]?.result)?.state, 'completed');
    assert.deepEqual(await output(taken.session, '$global:kept'), [5]);

    const endless = taken.session.invoke('while ($true) { [Threading.Thread]::Sleep(20) }');
    endless.result.catch(() => undefined);
    // It has to run before it can be left.
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    await taken.session.disconnection?.disconnect();
    await other[Symbol.asyncDispose]();
    const third = await client.connect();
    const again = await third.disconnected?.connect(id) ?? assert.fail();
    const [running] = again.pipelines;
    await running?.stop();
    assert.equal((await running?.result)?.state, 'stopped');
    assert.deepEqual(await output(again.session, '$global:kept'), [5]);
    await third[Symbol.asyncDispose]();
    assert.deepEqual(await (await client.connect()).disconnected?.list(), []);
  });

  it('a script goes on after the process that started it was killed, and another process takes its session over', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./support/leave.entry.js', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
    const job = { port: listener.server('bare').httpPort, user: 'CONTOSO\\labadmin', password: listener.passwords.labadmin, script: `$global:kept = 7; ${counting(60)}`, records: 10 };
    child.stdin.end(JSON.stringify(job));
    const [said, [, signal]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null, string | null]>]);
    assert.equal(signal, 'SIGKILL');
    const { id, seen } = JSON.parse(said) as { id: string; seen: number[] };
    assert.deepEqual(seen, numbers(10));

    const connection = await client.connect();
    const taken = await connection.disconnected?.connect(id) ?? assert.fail();
    const after: unknown[] = [];
    for await (const record of taken.pipelines[0] ?? assert.fail()) after.push(record.value);
    assert.ok(after.length > 0 && after.length <= 50);
    assert.deepEqual(after, numbers(60).slice(60 - after.length));
    assert.equal((await taken.pipelines[0]?.result)?.state, 'completed');
    assert.deepEqual(await output(taken.session, '$global:kept'), [7]);
    await connection[Symbol.asyncDispose]();
  });

  it('a script whose end had been read before is told apart from one that goes on, and harms nothing', async () => {
    const connection = await client.connect({ port: relay.port, options: { limits: { lazySignal: 1_000_000 } } });
    const session = await connection.openSession();
    assert.deepEqual(await output(session, '"read"'), ['read']);
    // The server is not told of its end: that is the next request.
    let posts = 0;
    relay.cut = () => ++posts === 1 ? 'before' : undefined;
    await session.disconnection?.disconnect();
    relay.cut = undefined;
    await connection[Symbol.asyncDispose]();
    const taken = await (await client.connect()).disconnected?.connect(session.disconnection?.id ?? '') ?? assert.fail();
    assert.equal(taken.pipelines.length, 1);
    await failure(taken.pipelines[0]?.result ?? Promise.resolve(), 'connection-lost');
    assert.deepEqual(await output(taken.session, '"goes on"'), ['goes on']);
  });

  it('a session that somebody is connected to is not taken away', async () => {
    const session = await opened();
    const other = await client.connect();
    const told = await failure(other.disconnected?.connect(session.disconnection?.id ?? '') ?? Promise.resolve(), 'connection-lost');
    assert.match(told.message, /another client/);
    assert.deepEqual(await output(session, '1'), [1]);
  });

  it('closing leaves no shell behind, orderly or not', async () => {
    const connection = await client.connect({ port: relay.port });
    const session = await connection.openSession();
    const pipeline = session.invoke('1; while ($true) { [Threading.Thread]::Sleep(20) }');
    for await (const record of pipeline) {
      assert.equal(record.value, 1);
      break;
    }
    const stop = pipeline.stop();
    void pipeline.stop();
    await stop.catch(() => undefined);
    await failure(pipeline.result, 'cancelled');
    await connection[Symbol.asyncDispose]();
    await noShells(listener);
  });
});

/** Waits until the listener has no shell left; the deletion of one that was given up is not waited for by anybody. */
async function noShells(listener: TestListener): Promise<void> {
  using soap = new SoapClient(listener.server('bare'), listener.credentials('labadmin'));
  const ids = async (): Promise<string[]> => (await soap.send({
    action: 'Enumerate', resource: 'http://schemas.microsoft.com/wbem/wsman/1/windows/shell',
    body: '<n:Enumerate xmlns:n="http://schemas.xmlsoap.org/ws/2004/09/enumeration"><w:OptimizeEnumeration/></n:Enumerate>',
  })).all('ShellId');
  const end = performance.now() + 8000;
  let left = await ids();
  while (left.length > 0 && performance.now() < end) {
    await new Promise((resolve) => { setTimeout(resolve, 100); });
    left = await ids();
  }
  assert.deepEqual(left, []);
}
