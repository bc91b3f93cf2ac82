import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerChannel } from 'ssh2';
import ssh2 from 'ssh2';
import { SshChannel } from '../../src/remote/ssh/channel.ts';
import { fingerprint } from '../../src/remote/ssh/host-key.ts';
import { defaultLimits } from '../../src/remote/ssh/limits.ts';
import type { Link } from '../../src/remote/ssh/link.ts';
import { openLink } from '../../src/remote/ssh/open.ts';
import { Client, failureOf } from './support/ssh-client.ts';
import { blobOf, newKey, startBridge, type Bridge, type BridgeOptions } from './support/ssh-bridge.ts';

describe('SSH channels', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  let link: Link | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await link?.end();
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  async function linked(options: BridgeOptions): Promise<Link> {
    bridge = await startBridge(options);
    link = await openLink({
      target: { name: 'AADC01', host: '127.0.0.1', transport: 'ssh', port: bridge.port, user: 'u', identityFile: undefined }, server: `AADC01 (127.0.0.1:${bridge.port})`,
      prompts: client.prompts({ trust: [true] }), signal: new AbortController().signal, pins: client.pins, knownHostsFiles: [], limits: defaultLimits,
    });
    return link;
  }

  /** A channel, and the server's end of it. */
  async function opened(options: BridgeOptions = {}): Promise<{ channel: SshChannel; far: ServerChannel; link: Link }> {
    let far: ServerChannel | undefined;
    const over = await linked({ ...options, exec: (_command, accept) => { far = accept(); return true; } });
    const stream = await new Promise<ConstructorParameters<typeof SshChannel>[0]>((resolve, reject) => {
      over.client.exec('x', { pty: false }, (error, near) => { if (error) reject(error); else resolve(near); });
    });
    return { channel: new SshChannel(stream, over), far: far!, link: over };
  }

  async function readAll(channel: SshChannel): Promise<string> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of channel.incoming) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
  }

  it('carry bytes both ways and end with the exit code', async () => {
    const { channel, far } = await opened();
    far.on('data', (bytes: Buffer) => { far.write(bytes.toString().toUpperCase()); });
    far.on('end', () => { far.exit(7); far.end(); });
    await channel.write(Buffer.from('hello'));
    const output = readAll(channel);
    await channel.close(60_000);
    assert.equal(await output, 'HELLO');
    assert.deepEqual(await channel.ended, { exitCode: 7, signal: undefined, error: undefined });
  });

  it('tell the signal that ended the process', async () => {
    const { channel, far } = await opened();
    far.exit('KILL', false, 'killed');
    far.end();
    await readAll(channel);
    assert.deepEqual(await channel.ended, { exitCode: undefined, signal: 'SIGKILL', error: undefined });
  });

  it('keep the last 4 KiB of standard error, and are not held up by a flood of it', async () => {
    const { channel, far } = await opened();
    far.stderr.write('x'.repeat(5_000_000));
    await new Promise<void>((resolve) => { far.stderr.write('the end', () => { resolve(); }); });
    far.write('done');
    far.end();
    assert.equal(await readAll(channel), 'done');
    await channel.ended;
    assert.equal(channel.errorText().length, 4096);
    assert.ok(channel.errorText().endsWith('the end'));
  });

  it('make a writer wait while the server does not read', async () => {
    const { channel, far } = await opened();
    far.pause();
    let accepted = false;
    const writing = channel.write(new Uint8Array(8 * 1024 * 1024)).then(() => { accepted = true; });
    // The server has everything that its window took; a round trip later nothing more was accepted.
    await new Promise<void>((resolve) => { bridge!.connections.forEach((connection) => { connection.rekey(resolve); }); });
    assert.equal(accepted, false);
    far.resume();
    await writing;
  });

  it('cut off a server that sends more than its window allows', async () => {
    const { channel, far, link: over } = await opened();
    // A well-behaved peer stops at the window; this one believes that it has no end.
    // Its packets do not divide the window: ssh2 drops what comes at exactly zero only.
    Object.assign(far.outgoing as object, { window: 2 ** 31, packetSize: 30_001 });
    far.write(Buffer.alloc(16 * 1024 * 1024));
    const failure = await over.closed;
    assert.equal(failure?.failure.reason, 'limit-exceeded');
    await failureOf(readAll(channel), 'limit-exceeded');
  });

  it('end a reader and a writer with the connection\'s error', async () => {
    const { channel, far } = await opened();
    far.pause();
    const reading = failureOf(readAll(channel), 'connection-lost');
    const writing = failureOf(channel.write(new Uint8Array(8 * 1024 * 1024)), 'connection-lost');
    for (const socket of bridge!.sockets) socket.resetAndDestroy();
    await Promise.all([reading, writing]);
    await failureOf(channel.write(new Uint8Array(1)), 'connection-lost');
    assert.notEqual((await channel.ended).error, undefined);
  });

  it('refuse to write once closed, and close twice without complaint', async () => {
    const { channel, far } = await opened();
    const gone = once(far.resume(), 'close');
    await Promise.all([channel.close(0), channel.close(0)]);
    await failureOf(channel.write(new Uint8Array(1)), 'closed');
    await channel.close(0);
    await gone;
  });

  it('end by themselves when closed with output that nobody read', async () => {
    const { channel, far } = await opened();
    far.write(Buffer.alloc(1024 * 1024));
    far.on('end', () => { far.exit(3); far.end(); });
    far.resume();
    await channel.close(120_000);
    assert.equal((await channel.ended).exitCode, 3);
  });

  it('are cut after the grace where the process does not go, also with output that nobody reads', async () => {
    const { channel, far } = await opened();
    far.write(Buffer.alloc(1024 * 1024));
    const gone = once(far, 'close');
    far.resume();
    await channel.close(50);
    await gone;
  });

  it('refuse another host key in the middle of the connection', async () => {
    const over = await linked({});
    const other = newKey();
    const [connection] = bridge!.connections;
    const parsed = ssh2.utils.parseKey(other.private);
    // What somebody who took over the connection would have to do: exchange keys anew, with a key of their own.
    (connection as unknown as { _protocol: { _hostKeys: Record<string, unknown> } })._protocol._hostKeys['ssh-ed25519'] = parsed;
    connection!.rekey();
    const failure = (await over.closed)?.failure;
    assert.equal(failure?.reason, 'host-key-changed');
    for (const key of [bridge!.hostKeys[0]!, blobOf(other.private)]) assert.ok(failure.message.includes(fingerprint(key)));
  });

  it('go on over a new key exchange with the same key', async () => {
    const { channel, far } = await opened();
    const [connection] = bridge!.connections;
    await new Promise<void>((resolve) => { connection!.rekey(resolve); });
    far.end('after');
    assert.equal(await readAll(channel), 'after');
    assert.equal(client.asked.trust.length, 1);
  });
});

describe('SSH sessions that do not start', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  it('give up a server that never answers the request to run PowerShell, and close what comes late', async () => {
    const late: (() => ServerChannel)[] = [];
    bridge = await startBridge({ exec: (_command, accept) => { late.push(accept); return true; } });
    const connection = await client.connect({ port: bridge.port }, client.prompts({ trust: [true] }), { limits: { channel: 200 } });
    await failureOf(connection.openSession(), 'silent-peer');
    assert.equal(late.length, 2);
    await Promise.all(late.map(async (accept) => { await once(accept().resume(), 'close'); }));
    assert.equal(connection.alive, true);
  });

  it('say that the password has expired', async () => {
    bridge = await startBridge({
      authenticate: (context) => {
        if (context.method === 'password') context.requestChange('Change your password', () => undefined);
        else context.reject(['password']);
      },
    });
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true], passwords: ['old'] })), 'authentication-failed');
    assert.match(failure.message, /expired/);
  });

  it('take no compression: its output has no bound', async () => {
    bridge = await startBridge({ compress: ['zlib'] });
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] })), 'unsupported');
    assert.match(failure.message, /compression/);
  });
});
