import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { PowerShellSession, ServerConnection, StreamRecord } from '../../src/session.ts';
import { Client, failureOf } from './support/ssh-client.ts';
import { startBridge, type Bridge, type BridgeOptions } from './support/ssh-bridge.ts';

/** Everything that a script puts out. */
async function outputOf(session: PowerShellSession, script: string): Promise<unknown[]> {
  const values: unknown[] = [];
  const pipeline = session.invoke(script);
  for await (const record of pipeline) if (record.stream === 'output') values.push(record.value);
  const { state } = await pipeline.result;
  assert.equal(state, 'completed');
  return values;
}

const first = 'powershell.exe -NoLogo -NoProfile -s';
const second = 'cmd /c powershell.exe -NoLogo -NoProfile -s';

describe('Sessions over SSH', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  async function connected(options: BridgeOptions = {}, limits: Parameters<Client['connect']>[2] = {}): Promise<{ connection: ServerConnection; bridge: Bridge }> {
    bridge = await startBridge(options);
    await client.pins.add({ host: '127.0.0.1', port: bridge.port, key: bridge.hostKeys[0]! });
    return { connection: await client.connect({ port: bridge.port }, client.prompts({}), limits), bridge };
  }

  it('run a line on a real engine, without a terminal', async () => {
    const { connection, bridge: server } = await connected();
    const session = await connection.openSession();
    assert.deepEqual(await outputOf(session, '1..3 | ForEach-Object { $_ * 2 }'), [2, 4, 6]);
    assert.equal(session.peer.transport, 'SSH');
    assert.match(session.peer.encryption ?? '', /ssh-ed25519/);
    assert.deepEqual([server.commands, server.terminals], [[first], 0]);
  });

  it('share one connection and know nothing of each other', async () => {
    const { connection, bridge: { connections, engines } } = await connected();
    const sessions = await Promise.all([connection.openSession(), connection.openSession()]);
    await Promise.all(sessions.map((session, at) => outputOf(session, `$global:mine = ${at}`)));
    assert.deepEqual(await Promise.all(sessions.map((session) => outputOf(session, '$global:mine'))), [[0], [1]]);
    assert.deepEqual([connections.size, engines.size], [1, 2]);
    await sessions[0][Symbol.asyncDispose]();
    assert.deepEqual(await outputOf(sessions[1], '$global:mine'), [1]);
    assert.equal(connection.alive, true);
  });

  it('carry megabytes both ways unharmed', async () => {
    const { connection } = await connected();
    const session = await connection.openSession();
    const text = `ä€😀<&"\n${'x'.repeat(100)}`.repeat(15_000);
    const pipeline = session.invoke('param($text) $text; $text.Length', { parameters: { text } });
    const values: unknown[] = [];
    for await (const record of pipeline) if (record.stream === 'output') values.push(record.value);
    assert.equal(values[0] === text, true);
    assert.equal(values[1], text.length);
  });

  it('hold the server back while nobody reads', async () => {
    let sent = 0;
    const { connection } = await connected({
      exec: (_command, accept, bridge) => {
        const stream = accept();
        const engine = bridge.bridgeEngine(stream);
        engine.stdout!.on('data', (bytes: Buffer) => { sent += bytes.length; });
        return true;
      },
    });
    const session = await connection.openSession();
    const pipeline = session.invoke('$line = "x" * 100000; for ($i = 0; $i -lt 600; $i++) { "$i $line" }');
    const iterator = pipeline[Symbol.asyncIterator]();
    await iterator.next();
    // 60 MB wait on the server: once nothing moves any more, only what windows and queues hold has come.
    let before = -1;
    while (before !== sent) {
      before = sent;
      await new Promise((resolve) => { setTimeout(resolve, 300); });
    }
    assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes came`);
    let records = 1;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) records += 1;
    assert.equal(records, 600);
  }).timeout(120_000);

  it('start through cmd where the first form is refused, and remember that', async () => {
    const { connection, bridge: { commands } } = await connected({ exec: (command, accept, bridge) => command === second && (bridge.bridgeEngine(accept()), true) });
    assert.deepEqual(await outputOf(await connection.openSession(), '1'), [1]);
    await connection.openSession();
    assert.deepEqual(commands, [first, second, second]);
  });

  it('start through cmd where the first form ends at once without PSRP', async () => {
    const { connection, bridge: { commands } } = await connected({
      exec: (command, accept, bridge) => {
        if (command === second) {
          bridge.bridgeEngine(accept());
          return true;
        }
        const stream = accept();
        stream.stderr.write('powershell.exe : command not found\n');
        stream.exit(127);
        stream.end();
        return true;
      },
    });
    assert.deepEqual(await outputOf(await connection.openSession(), '1'), [1]);
    assert.deepEqual(commands, [first, second]);
  });

  it('tell both attempts where neither form works, and keep the connection', async () => {
    const { connection, bridge: { commands } } = await connected({ exec: () => false });
    const failure = await failureOf(connection.openSession(), 'not-windows-powershell');
    for (const command of [first, second]) assert.ok(failure.message.includes(command));
    assert.deepEqual(commands, [first, second]);
    assert.equal(connection.alive, true);
  });

  it('do not try a second form where PowerShell itself answered and is another one', async () => {
    const { connection, bridge: { commands } } = await connected({}, { allowAnyPowerShell: false });
    await failureOf(connection.openSession(), 'not-windows-powershell');
    assert.deepEqual(commands, [first]);
  });

  it('open behind text that a profile or banner puts before PSRP', async () => {
    const { connection } = await connected({
      exec: (_command, accept, bridge) => {
        const stream = accept();
        stream.write('\ufeffWelcome to CONTOSO!\r\nLast logon: yesterday\r\n');
        bridge.bridgeEngine(stream);
        return true;
      },
    });
    assert.deepEqual(await outputOf(await connection.openSession(), '1'), [1]);
  });

  it('can be cancelled while PowerShell does not answer; the connection stays', async () => {
    const controller = new AbortController();
    const { connection, bridge: { commands } } = await connected({ exec: (_command, accept) => { accept(); controller.abort(); return true; } });
    await failureOf(connection.openSession(controller.signal), 'cancelled');
    assert.deepEqual(commands, [first]);
    assert.equal(connection.alive, true);
  });

  it('end with one error when the connection is cut in the middle of a pipeline', async () => {
    const { connection, bridge: { sockets } } = await connected();
    const session = await connection.openSession();
    const pipeline = session.invoke('1; for (;;) { }');
    const records: StreamRecord[] = [];
    const reading = (async () => {
      for await (const record of pipeline) {
        records.push(record);
        for (const socket of sockets) socket.resetAndDestroy();
      }
    })();
    await failureOf(reading, 'connection-lost');
    const failure = await failureOf(pipeline.result, 'connection-lost');
    assert.match(failure.message, /ECONNRESET/);
    assert.equal(records.length, 1);
    assert.deepEqual((await connection.closed)?.reason, 'connection-lost');
    assert.equal((await session.closed)?.reason, 'connection-lost');
    assert.deepEqual([connection.alive, session.alive], [false, false]);
    await failureOf(connection.openSession(), 'connection-lost');
  });

  it('tell a server that closes the connection from one that cuts it', async () => {
    const { connection, bridge: { connections } } = await connected();
    for (const one of connections) one.end();
    assert.match((await connection.closed)?.message ?? '', /closed the connection/);
  });

  it('tell a channel that the server closed from a lost connection: other sessions go on', async () => {
    const { connection, bridge: { engines } } = await connected();
    const session = await connection.openSession();
    const [engine] = engines;
    const other = await connection.openSession();
    const pipeline = session.invoke('for (;;) { }');
    engine!.kill('SIGKILL');
    await assert.rejects(pipeline.result);
    assert.notEqual(await session.closed, undefined);
    assert.equal(connection.alive, true);
    assert.deepEqual(await outputOf(other, '1'), [1]);
  });

  it('notice by keep-alive that the server no longer answers', async () => {
    const { connection, bridge: { sockets } } = await connected({}, { limits: { keepaliveInterval: 100, keepaliveCount: 2 } });
    for (const socket of sockets) socket.pause();
    const failure = await connection.closed;
    assert.equal(failure?.reason, 'connection-lost');
    assert.match(failure.message, /keep-alive/);
  });

  it('stay open over keep-alives that are answered', async () => {
    const { connection, bridge: { sockets } } = await connected({}, { limits: { keepaliveInterval: 20, keepaliveCount: 3 } });
    const [socket] = sockets;
    let arrivals = 0;
    await new Promise<void>((resolve) => {
      socket!.on('data', () => {
        arrivals += 1;
        if (arrivals === 10) resolve();
      });
    });
    assert.equal(connection.alive, true);
  });

  it('close orderly: the server sees the end, engines go, nothing is reported as a failure', async () => {
    const { connection, bridge: { sockets, engines } } = await connected();
    const session = await connection.openSession();
    const [engine] = engines;
    const [socket] = sockets;
    const gone = [once(engine!, 'close'), once(socket!, 'close')];
    await session[Symbol.asyncDispose]();
    await connection[Symbol.asyncDispose]();
    await Promise.all(gone);
    assert.deepEqual([await connection.closed, await session.closed, connection.alive], [undefined, undefined, false]);
    await failureOf(connection.openSession(), 'closed');
  });
});
