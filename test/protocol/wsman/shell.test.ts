import assert from 'node:assert/strict';
import { RemoteError } from '../../../src/remote/error.ts';
import { MessageType } from '../../../src/remote/psrp/message.ts';
import type { ServerConnection } from '../../../src/session.ts';
import { connect, failureOf } from './connecting.ts';
import type { FakeOptions, Mischief } from './fake-server.ts';
import { FakeServer, twoStepContext } from './fake-server.ts';

const quick = { answer: 400, receive: 400, handshake: 400, retries: [0, 10] };

describe('a shell over WSMan', function () {
  this.timeout(20_000);
  let fake: FakeServer | undefined;
  const open: ServerConnection[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((connection) => connection[Symbol.asyncDispose]()));
    await fake?.[Symbol.asyncDispose]();
    fake = undefined;
  });

  async function start(options: FakeOptions = {}, wanted: Partial<Parameters<typeof connect>[0]> = {}): Promise<{ server: FakeServer; connection: ServerConnection }> {
    fake = await FakeServer.start(options);
    const connection = await connect({ port: fake.port, ...wanted });
    open.push(connection);
    return { server: fake, connection };
  }

  async function output(connection: ServerConnection, script = 'anything'): Promise<unknown[]> {
    const values: unknown[] = [];
    const pipeline = (await connection.openSession()).invoke(script);
    for await (const record of pipeline) values.push(record.value);
    assert.equal((await pipeline.result).state, 'completed');
    return values;
  }

  it('costs eight requests for one line over http, two of them to authenticate, seven before its output', async () => {
    const { server, connection } = await start();
    const session = await connection.openSession();
    assert.equal(server.requests, 5);
    let atOutput = 0;
    for await (const record of session.invoke('"hi"')) {
      assert.equal(record.value, 'hi');
      atOutput = server.requests;
    }
    await connection[Symbol.asyncDispose]();
    assert.deepEqual([atOutput, server.requests, server.connections, server.unsealed], [7, 8, 1, 0]);
    assert.deepEqual(server.verbs, ['Create', 'Receive', 'Receive', 'Command', 'Receive', 'Delete']);
  });

  it('costs two requests before the result of each further line, three in all', async () => {
    const { server, connection } = await start();
    const session = await connection.openSession();
    await session.invoke('1').result;
    await waitFor(() => server.verbs.includes('Signal'));
    for (let i = 0; i < 3; i++) {
      const before = server.requests;
      await session.invoke('2').result;
      assert.equal(server.requests - before, 2);
      await waitFor(() => server.requests - before === 3);
    }
    assert.equal(server.connections, 1);
  });

  it('does not put off the end of commands for ever where one line follows the other', async () => {
    const { server, connection } = await start({}, { limits: { lazySignal: 60_000 } });
    const session = await connection.openSession();
    for (let i = 0; i < 20; i++) await session.invoke('x').result;
    await waitFor(() => server.verbs.filter((verb) => verb === 'Signal').length >= 16);
    assert.equal(server.connections, 1);
  });

  it('takes version and edition from the pool\'s private data, and asks where they are not told', async () => {
    const { connection } = await start();
    const { psVersion, edition, computerName } = (await connection.openSession()).peer;
    assert.deepEqual([psVersion, edition, computerName], ['5.1.17763.1', 'Desktop', '']);
    await connection[Symbol.asyncDispose]();
    await fake?.[Symbol.asyncDispose]();
    const asked = await start({ edition: undefined });
    assert.deepEqual((await asked.connection.openSession()).peer.computerName, 'CONNECT01');
  });

  it('refuses anything but Windows PowerShell 5.1, and deletes the shell', async () => {
    fake = await FakeServer.start({ edition: 'Core' });
    await failureOf(connect({ port: fake.port }), 'not-windows-powershell');
    assert.equal(fake.verbs.at(-1), 'Delete');
  });

  it('opens a second connection only where something has to overtake a Receive', async () => {
    const { server, connection } = await start({ onScript: (message, at) => {
      at.psrp.send(MessageType.pipelineOutput, message.pipeline, 'started');
      at.flush();
    } });
    const session = await connection.openSession();
    const pipeline = session.invoke('waits');
    for await (const record of pipeline) {
      assert.equal(record.value, 'started');
      break;
    }
    await waitFor(() => server.verbs.filter((verb) => verb === 'Receive').length === 4);
    assert.equal(server.connections, 1);
    await pipeline.stop();
    assert.equal((await pipeline.result).state, 'stopped');
    assert.equal(server.connections, 2);
    const signal = server.soap.find(({ verb }) => verb === 'Signal');
    assert.ok(signal !== undefined);
  });

  it('receives again where nothing came in time, and where the answer was lost, as the same operation', async () => {
    let receives = 0;
    const { server, connection } = await start({ mischief: ({ verb }) => {
      if (verb !== 'Receive') return undefined;
      receives++;
      if (receives === 1) return { kind: 'fault', code: 2_150_858_793, subcode: 'TimedOut' };
      return receives === 3 ? { kind: 'cut' } : undefined;
    } });
    assert.deepEqual(await output(connection), ['hi']);
    const operation = (index: number): string | undefined => server.soap.filter(({ verb }) => verb === 'Receive')[index]?.envelope.children[0]?.children.find((child) => child.name === 'OperationID')?.text;
    assert.notEqual(operation(0), operation(1));
    assert.equal(operation(2), operation(3));
    assert.equal(server.connections, 2);
  });

  it('gives up a Receive that is lost again and again', async () => {
    const { server, connection } = await start({ mischief: ({ verb, command }) => verb === 'Receive' && command !== undefined ? { kind: 'cut' } : undefined }, { limits: { retries: [0, 1, 1, 1, 1] } });
    const session = await connection.openSession();
    await failureOf(session.invoke('x').result, 'connection-lost');
    assert.equal(server.soap.filter(({ verb, command }) => verb === 'Receive' && command !== undefined).length, 6);
    assert.equal(session.alive, false);
  });

  const verbs = ['Create', 'Receive', 'Command', 'Send', 'Signal'] as const;
  const mischiefs: readonly [string, Mischief][] = [
    ['is cut', { kind: 'cut' }],
    ['is never answered', { kind: 'stall' }],
    ['is answered in part of a head', { kind: 'truncate', bytes: 20 }],
    ['is answered in part of a body', { kind: 'truncate', bytes: 200 }],
    ['is answered by another protocol', { kind: 'raw', bytes: 'SSH-2.0-x\r\n' }],
    ['is answered without being sealed', { kind: 'answer', status: 200, body: '<s:Envelope/>' }],
    ['is answered by a web page', { kind: 'answer', status: 404, type: 'text/html', body: '<html>' }],
    ['is answered by an error page in the clear', { kind: 'answer', status: 500, body: 'x' }],
    ['is answered as a service that is away', { kind: 'answer', status: 503, type: 'text/html', body: '' }],
    ['is denied', { kind: 'fault', code: 5, subcode: 'AccessDenied' }],
    ['meets a shell that is gone', { kind: 'fault', code: 2_150_858_843, subcode: 'InvalidSelectors' }],
    ['meets a fault that nobody knows', { kind: 'fault', code: 4_294_967_295 }],
  ];
  for (const verb of verbs) {
    for (const [what, mischief] of mischiefs) {
      it(`ends in one error, in time, where ${verb} ${what}`, async () => {
        let armed = verb === 'Create' || verb === 'Receive';
        fake = await FakeServer.start({
          mischief: (request) => armed && request.verb === verb ? mischief : undefined,
          ...verb === 'Send' || verb === 'Signal' ? { onScript: () => undefined } : {},
        });
        const started = performance.now();
        const action = async (): Promise<void> => {
          const connection = await connect({ port: fake?.port ?? 0, limits: quick });
          open.push(connection);
          const session = await connection.openSession();
          armed = true;
          const pipeline = session.invoke('x', verb === 'Send' ? { input: [1, 2] } : {});
          if (verb === 'Signal') {
            await waitFor(() => fake?.verbs.filter((one) => one === 'Receive').length === 3);
            await pipeline.stop();
          }
          await pipeline.result;
        };
        const error: unknown = await action().then(() => assert.fail('it succeeded'), (e: unknown) => e);
        assert.ok(error instanceof RemoteError, String(error));
        assert.match(error.failure.message, /^[A-Z].*\.$/s);
        assert.ok(error.failure.remedy.length > 10);
        assert.ok(performance.now() - started < 8000);
        const count = fake.soap.filter((request) => request.verb === verb).length;
        // Only what changes nothing is ever sent twice; a shell that may be opened again is another shell.
        const ids = new Set(fake.soap.filter((request) => request.verb === verb).map(({ messageId }) => messageId));
        if (verb !== 'Receive') assert.equal(count, ids.size);
      });
    }
  }

  it('never sends a body over http before it can be sealed', async () => {
    fake = await FakeServer.start();
    const unsealing = (): ReturnType<typeof twoStepContext> => {
      const context = twoStepContext('http');
      return { ...context, get complete() { return context.complete; }, step: (challenges) => context.step(challenges), sealing: undefined };
    };
    await assert.rejects(connect({ port: fake.port, options: { authenticate: () => Promise.resolve(unsealing()) } }), /without being sealed/);
    const perRequest = { ...twoStepContext('http'), complete: true, perRequest: true, sealing: undefined, step: () => Promise.resolve('Basic eDp5') };
    await assert.rejects(connect({ port: fake.port, options: { authenticate: () => Promise.resolve(perRequest) } }), /without being sealed/);
    assert.deepEqual([fake.soap.length, fake.unsealed], [0, 0]);
  });

  it('refuses Basic over http before anything is asked or sent', async () => {
    fake = await FakeServer.start();
    const told = await failureOf(connect({ port: fake.port, winrm: { scheme: 'http', auth: 'basic' }, password: () => assert.fail('asked') }), 'unsupported');
    assert.match(told.message, /password in the clear/);
    assert.deepEqual([fake.requests, fake.connections], [0, 0]);
  });

  it('is kept awake while nothing runs in it, and told to be gone when the server has ended it', async () => {
    let gone = false;
    const { server, connection } = await start({ idle: 'PT2.000S', mischief: ({ verb }) => gone && verb === 'Receive' ? { kind: 'fault', code: 2_150_858_843, subcode: 'InvalidSelectors' } : undefined });
    const session = await connection.openSession();
    const before = server.verbs.length;
    await waitFor(() => server.verbs.length === before + 1);
    assert.equal(server.verbs.at(-1), 'Receive');
    assert.equal(session.alive, true);
    gone = true;
    const why = await session.closed;
    assert.equal(why?.reason, 'connection-lost');
    assert.match(why.message, /shell is gone/);
  });

  it('can be cancelled while it opens', async () => {
    fake = await FakeServer.start({ mischief: ({ verb }) => verb === 'Create' ? { kind: 'stall' } : undefined });
    const stop = new AbortController();
    const opening = connect({ port: fake.port, options: { signal: stop.signal } });
    opening.catch(() => undefined);
    await waitFor(() => fake?.verbs.includes('Create') === true);
    stop.abort();
    await failureOf(opening, 'cancelled');
  });

  it('does not read on while nobody takes its output', async () => {
    const big = 'x'.repeat(200_000);
    let sent = 0;
    const { server, connection } = await start({ onScript: (message, at) => {
      for (; sent < 200; sent++) at.psrp.send(MessageType.pipelineOutput, message.pipeline, big);
      at.finish(message.pipeline);
    } });
    const pipeline = (await connection.openSession()).invoke('flood');
    await waitFor(() => sent === 200);
    await new Promise((resolve) => { setTimeout(resolve, 300); });
    const receives = server.verbs.filter((verb) => verb === 'Receive').length;
    let count = 0;
    for await (const record of pipeline) count += record.value === big ? 1 : 0;
    assert.equal(count, 200);
    // Each answer carries at most 400 kB.
    assert.ok(receives * 400_000 < 8 * 2 ** 20, `${receives} Receives before anybody read`);
  });
});

async function waitFor(condition: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!condition()) {
    if (performance.now() > end) assert.fail('what was waited for did not happen');
    await new Promise((resolve) => { setTimeout(resolve, 5); });
  }
}
