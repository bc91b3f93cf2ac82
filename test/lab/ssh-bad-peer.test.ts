import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { RemoteFailureReason } from '../../src/session.ts';
import { Client, failureOf } from './support/ssh-client.ts';
import { startBridge, type Bridge } from './support/ssh-bridge.ts';

/** Long enough for a loaded machine where an answer comes, short where none ever does. */
const patient = { tcp: 60_000, handshake: 60_000 };
const impatient = { tcp: 60_000, handshake: 300 };

describe('SSH servers that misbehave while connecting', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  /** A server that never reaches ssh2: it does with the socket what it likes. */
  async function raw(behave: (socket: Socket) => void): Promise<Bridge> {
    bridge = await startBridge({ socket: (socket) => { behave(socket); return false; } });
    return bridge;
  }

  it('says that nothing listens there', async () => {
    const listener = createServer();
    await new Promise<void>((done) => { listener.listen(0, '127.0.0.1', done); });
    const { port } = listener.address() as AddressInfo;
    await new Promise((done) => { listener.close(done); });
    assert.match((await failureOf(client.connect({ port }, client.prompts({})), 'unreachable')).message, /refused/);
  });

  it('takes text before the banner as the standard allows (RFC 4253, 4.2)', async () => {
    bridge = await startBridge({ socket: (socket) => { socket.write('Welcome to CONTOSO\r\nAuthorized use only\r\n'); return true; } });
    await client.connect({ port: bridge.port }, client.prompts({ trust: [true] }));
  });

  const cases: readonly (readonly [string, (socket: Socket) => void, RemoteFailureReason, RegExp, RegExp | undefined])[] = [
    ['closes at once', (socket) => { socket.end(); }, 'bad-peer', /before its SSH banner was complete/, undefined],
    ['cuts its banner', (socket) => { socket.end('SSH-2.0-Open'); }, 'bad-peer', /before its SSH banner was complete/, /SSH-2\.0-Open/],
    ['resets its banner', (socket) => { socket.write('SSH-2.0-Op'); socket.once('data', () => { socket.resetAndDestroy(); }); }, 'connection-lost', /ECONNRESET/, /SSH-2\.0-Op/],
    ['is a web server', (socket) => { socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'); }, 'bad-peer', /banner/, /HTTP\/1\.1 400/],
    ['speaks SSH 1', (socket) => { socket.write('SSH-1.5-Old\r\n'); }, 'bad-peer', /key exchange|banner/, undefined],
    ['sends one endless line', (socket) => { socket.write('x'.repeat(100_000)); }, 'bad-peer', /banner/, /^x{100}/],
    ['sends endless lines', (socket) => { socket.write('hello\r\n'.repeat(20_000)); }, 'bad-peer', /banner/, /hello/],
    ['sends control characters', (socket) => { socket.end('\u001b[2J\u0007\u0000'); }, 'bad-peer', /banner/, /^\\u001b\[2J\\u0007\\u0000$/],
    ['sends garbage after the banner', (socket) => { socket.write('SSH-2.0-X\r\n'); socket.write(Buffer.alloc(5000, 0xff)); }, 'bad-peer', /key exchange/, undefined],
    ['closes after the banner', (socket) => { socket.end('SSH-2.0-X\r\n'); }, 'connection-lost', /closed the connection during key exchange/, undefined],
  ];
  for (const [what, behave, reason, message, quoted] of cases) {
    it(`tells of a server that ${what}`, async () => {
      const { port } = await raw(behave);
      const failure = await failureOf(client.connect({ port }, client.prompts({ trust: [true] }), { limits: patient }), reason);
      assert.match(failure.message, message);
      if (quoted !== undefined) assert.match(failure.quoted ?? '', quoted);
      // 500 characters at most, each escaped at worst.
      assert.ok((failure.quoted ?? '').length < 3100);
    });
  }

  it('gives up a server that never sends its banner', async () => {
    const { port } = await raw(() => undefined);
    assert.match((await failureOf(client.connect({ port }, client.prompts({}), { limits: impatient }), 'silent-peer')).message, /never sent its SSH banner/);
  });

  it('gives up a server that sends its banner and nothing more', async () => {
    const { port } = await raw((socket) => { socket.write('SSH-2.0-X\r\n'); });
    assert.match((await failureOf(client.connect({ port }, client.prompts({}), { limits: impatient }), 'silent-peer')).message, /key exchange/);
  });

  it('gives up a server that never answers a log-on', async () => {
    bridge = await startBridge({ authenticate: () => undefined });
    assert.match((await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] }), { limits: impatient }), 'silent-peer')).message, /authentication/);
  });

  it('does not count the time that a person takes', async () => {
    bridge = await startBridge();
    const { port } = bridge;
    let limitPassed: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => { limitPassed = resolve; });
    setTimeout(limitPassed, impatient.handshake * 2);
    const prompts = { ...client.prompts({}), trustHostKey: () => passed.then(() => true) };
    await client.connect({ port }, prompts, { limits: impatient });
  });

  it('notices that the server went while the person was asked', async () => {
    bridge = await startBridge();
    const { sockets, port } = bridge;
    const prompts = { ...client.prompts({}), trustHostKey: () => { for (const socket of sockets) socket.destroy(); return new Promise<boolean>(() => undefined); } };
    await failureOf(client.connect({ port }, prompts), 'connection-lost');
  });

  it('tells of a server that disconnects with a reason', async () => {
    bridge = await startBridge({ authenticate: (context) => { if (context.method === 'none') for (const connection of bridge!.connections) connection.end(); } });
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] })), 'connection-lost');
    assert.match(failure.message, /authentication/);
  });

  describe('cancelled', () => {
    it('before it began', async () => {
      const { port, sockets } = await raw(() => undefined);
      await failureOf(client.connect({ port }, client.prompts({}), { signal: AbortSignal.abort() }), 'cancelled');
      assert.equal(sockets.size, 0);
    });

    it('while the TCP connection is being opened', async () => {
      const { port } = await raw(() => undefined);
      const controller = new AbortController();
      const connecting = client.connect({ port }, client.prompts({}), { signal: controller.signal });
      controller.abort();
      await failureOf(connecting, 'cancelled');
    });

    it('while the banner is awaited; the socket is closed', async () => {
      const controller = new AbortController();
      let closed: (value: unknown) => void = () => undefined;
      const gone = new Promise((resolve) => { closed = resolve; });
      const { port } = await raw((socket) => {
        socket.on('close', closed);
        socket.resume();
        controller.abort();
      });
      await failureOf(client.connect({ port }, client.prompts({}), { signal: controller.signal }), 'cancelled');
      await gone;
    });

    it('while the person is asked about the host key: no log-on follows', async () => {
      bridge = await startBridge();
      const controller = new AbortController();
      const prompts = { ...client.prompts({}), trustHostKey: () => { controller.abort(); return Promise.resolve(true); } };
      await failureOf(client.connect({ port: bridge.port }, prompts, { signal: controller.signal }), 'cancelled');
      assert.deepEqual(bridge.attempts, []);
    });

    it('while the password is asked: it is not sent', async () => {
      bridge = await startBridge({ authenticate: (context) => { context.reject(['password']); } });
      const controller = new AbortController();
      const answered = client.prompts({ trust: [true], passwords: ['x'] });
      const prompts = { ...answered, password: (question: Parameters<typeof answered.password>[0]) => { controller.abort(); return answered.password(question); } };
      await failureOf(client.connect({ port: bridge.port }, prompts, { signal: controller.signal }), 'cancelled');
      for (const open of bridge.sockets) await once(open, 'close');
      assert.deepEqual(bridge.attempts.map((attempt) => attempt.method), ['none']);
    });

    it('while the server thinks about the log-on', async () => {
      const controller = new AbortController();
      bridge = await startBridge({ authenticate: () => { controller.abort(); } });
      await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] }), { signal: controller.signal }), 'cancelled');
    });
  });
});
