import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { connect as connectTcp, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createFileCertificatePins } from '../../../src/remote/wsman/pins.ts';
import type { CertificateQuestion, ServerConnection } from '../../../src/session.ts';
import { connect, failureOf, MemoryPins } from './connecting.ts';
import { FakeServer } from './fake-server.ts';

const file = (name: string): string => resolve('test/protocol/wsman/certificates', `${name}.pem`);
const pem = (name: string): Buffer => readFileSync(file(name));
const fingerprint = (name: string): string => new X509Certificate(pem(name)).fingerprint256;
const identity = (name: string): { cert: Buffer; key: Buffer } => ({ cert: pem(name), key: pem(`${name}-key`) });

describe('WinRM over HTTPS', function () {
  this.timeout(20_000);
  const things: AsyncDisposable[] = [];
  afterEach(async () => {
    for (const thing of things.splice(0).reverse()) await thing[Symbol.asyncDispose]();
  });

  async function serve(tls: NonNullable<Parameters<typeof FakeServer.start>[0]>['tls'] & object): Promise<FakeServer> {
    const fake = await FakeServer.start({ tls });
    things.push(fake);
    return fake;
  }

  async function secure(fake: FakeServer, wanted: Partial<Parameters<typeof connect>[0]> = {}): Promise<ServerConnection> {
    const connection = await connect({ port: fake.port, ...wanted, winrm: { scheme: 'https', ...wanted.winrm } });
    things.push(connection);
    return connection;
  }

  for (const [auth, version] of [['basic', 'TLSv1.3'], ['certificate', 'TLSv1.2']] as const) {
    it(`costs six requests for one line by ${auth}, connecting and closing included`, async () => {
      const fake = await serve({ ...identity('server'), ca: pem('ca'), requestCert: auth === 'certificate' });
      const connection = await secure(fake, { winrm: { auth, caFile: file('ca'), certificateFile: file('client'), keyFile: file('client-key') } });
      const session = await connection.openSession();
      for await (const record of session.invoke('"hi"')) assert.equal(record.value, 'hi');
      assert.match(session.peer.encryption ?? '', new RegExp(`^${version.replace('.', '\\.')}, TLS_`));
      assert.equal(session.peer.transport, 'WinRM over HTTPS');
      await connection[Symbol.asyncDispose]();
      assert.deepEqual([fake.requests, fake.connections], [6, 1]);
    });
  }

  it('trusts what the entry\'s own authority issued, and nothing else', async () => {
    const fake = await serve(identity('self-signed'));
    const told = await failureOf(connect({ port: fake.port, winrm: { scheme: 'https', caFile: file('ca') }, trust: () => assert.fail('asked') }), 'certificate-refused');
    assert.ok(told.message.includes(fingerprint('self-signed')) && told.message.includes(file('ca')));
    assert.equal(fake.requests, 0);
  });

  it('refuses a certificate for another name', async () => {
    const fake = await serve(identity('wrong-name'));
    const told = await failureOf(connect({ port: fake.port, winrm: { scheme: 'https', caFile: file('ca') } }), 'certificate-refused');
    assert.match(told.message, /another name/);
  });

  it('asks about an unknown certificate, showing what it is, and remembers the answer', async () => {
    const fake = await serve(identity('self-signed'));
    const asked: CertificateQuestion[] = [];
    const pins = new MemoryPins();
    const trust = (question: CertificateQuestion): Promise<boolean> => {
      asked.push(question);
      return Promise.resolve(true);
    };
    const first = await secure(fake, { pins, trust });
    assert.deepEqual(pins.pins, [{ host: '127.0.0.1', port: fake.port, fingerprint: fingerprint('self-signed') }]);
    assert.equal(asked[0]?.subject, 'CN=AADC01, O=Nobody');
    assert.equal(asked[0].issuer, 'CN=AADC01, O=Nobody');
    assert.match(asked[0].problem, /signed by itself/);
    assert.match(asked[0].validTo, /^\d{4,}-|^\+\d{6}-/);
    await first[Symbol.asyncDispose]();
    await secure(fake, { pins, trust });
    assert.equal(asked.length, 1);
  });

  it('asks for a password only when the server was reached and its certificate trusted', async () => {
    const fake = await serve(identity('self-signed'));
    const asked: string[] = [];
    const password = (): string => { asked.push('password'); return 'right'; };
    await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' }, trust: () => { asked.push('no'); return Promise.resolve(false); }, password }), 'certificate-refused');
    await secure(fake, { trust: () => { asked.push('yes'); return Promise.resolve(true); }, password });
    assert.deepEqual(asked, ['no', 'yes', 'password']);
  });

  it('sends nothing to a server whose certificate was not trusted', async () => {
    const fake = await serve(identity('self-signed'));
    await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' } }), 'certificate-refused');
    await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' }, trust: () => Promise.reject(new Error('closed the box')) }), 'cancelled');
    assert.equal(fake.requests, 0);
  });

  it('waits for a person longer than any limit on the network', async () => {
    const fake = await serve(identity('self-signed'));
    const connection = await secure(fake, { limits: { tls: 500, tcp: 500 }, trust: () => new Promise((resolve) => { setTimeout(() => { resolve(true); }, 900); }) });
    assert.equal(connection.alive, true);
  });

  it('refuses a certificate that has changed, naming both', async () => {
    const fake = await serve(identity('self-signed'));
    const pins = new MemoryPins();
    await pins.add({ host: '127.0.0.1', port: fake.port, fingerprint: fingerprint('wrong-name') });
    const told = await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' }, pins, trust: () => assert.fail('asked') }), 'certificate-refused');
    assert.ok(told.message.includes(fingerprint('self-signed')) && told.message.includes(fingerprint('wrong-name')));
    assert.match(told.remedy, /memory/);
    assert.equal(fake.requests, 0);
  });

  it('refuses where the store of pins cannot be read or written', async () => {
    const fake = await serve(identity('self-signed'));
    const broken = Object.assign(new MemoryPins(), { find: () => Promise.reject(new Error('disk full')) });
    assert.match((await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' }, pins: broken, trust: () => Promise.resolve(true) }), 'certificate-refused')).message, /disk full/);
    const unwritable = Object.assign(new MemoryPins(), { add: () => Promise.reject(new Error('read only')) });
    assert.match((await failureOf(connect({ port: fake.port, winrm: { scheme: 'https' }, pins: unwritable, trust: () => Promise.resolve(true) }), 'certificate-refused')).message, /read only/);
  });

  it('speaks TLS 1.2 where the server knows nothing newer, and nothing older', async () => {
    const fake = await serve({ ...identity('server'), maxVersion: 'TLSv1.2' });
    const session = await (await secure(fake, { winrm: { caFile: file('ca') } })).openSession();
    assert.match(session.peer.encryption ?? '', /^TLSv1\.2/);
    const old = await serve({ ...identity('server'), minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' });
    const told = await failureOf(connect({ port: old.port, winrm: { scheme: 'https', caFile: file('ca') } }), 'bad-peer');
    assert.match(told.message, /TLS handshake failed/);
  });

  it('tells a port that speaks no TLS, and one that says nothing', async () => {
    const plain = await listen((socket) => { socket.on('error', () => undefined).on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')); });
    things.push(plain);
    await failureOf(connect({ port: plain.port, winrm: { scheme: 'https' } }), 'bad-peer');
    const silent = await listen((socket) => { socket.on('error', () => undefined).resume(); });
    things.push(silent);
    await failureOf(connect({ port: silent.port, winrm: { scheme: 'https' }, limits: { tls: 200 } }), 'silent-peer');
    const closing = await listen((socket) => { socket.destroy(); });
    things.push(closing);
    const error: unknown = await connect({ port: closing.port, winrm: { scheme: 'https' } }).then(() => assert.fail(), (e: unknown) => e);
    assert.match(String(error), /closed|reset/);
  });

  it('names a certificate file that is missing or is none, and files that do not belong together', async () => {
    const missing = await failureOf(connect({ port: 1, winrm: { scheme: 'https', caFile: '/nowhere/ca.pem' } }), 'unsupported');
    assert.match(missing.message, /\/nowhere\/ca\.pem \(ENOENT\)/);
    await failureOf(connect({ port: 1, winrm: { scheme: 'https', caFile: resolve('package.json') } }), 'unsupported');
    await failureOf(connect({ port: 1, winrm: { scheme: 'https', auth: 'certificate' } }), 'unsupported');
    await failureOf(connect({ port: 1, winrm: { scheme: 'http', auth: 'certificate', certificateFile: file('client'), keyFile: file('client-key') } }), 'unsupported');
    const fake = await serve(identity('server'));
    await failureOf(connect({ port: fake.port, winrm: { scheme: 'https', auth: 'certificate', caFile: file('ca'), certificateFile: file('client'), keyFile: file('server-key') } }), 'unsupported');
  });

  describe('through a proxy', () => {
    it('opens a tunnel, says who it is, and works in it', async () => {
      const fake = await serve(identity('server'));
      const seen: string[] = [];
      const proxy = await tunnel(seen, undefined);
      things.push(proxy);
      const asked: [string, number][] = [];
      const connection = await secure(fake, {
        winrm: { caFile: file('ca') },
        options: { proxy: (host, port) => {
          asked.push([host, port]);
          return `http://user:p%40ss@127.0.0.1:${proxy.port}/`;
        } },
      });
      for await (const record of (await connection.openSession()).invoke('x')) assert.equal(record.value, 'hi');
      assert.deepEqual(asked, [['127.0.0.1', fake.port]]);
      assert.match(seen[0] ?? '', new RegExp(`^CONNECT 127\\.0\\.0\\.1:${fake.port} HTTP/1\\.1\\r\\nHost: 127\\.0\\.0\\.1:${fake.port}\\r\\nProxy-Authorization: Basic ${Buffer.from('user:p@ss').toString('base64')}\\r\\n\\r\\n$`));
    });

    for (const [what, answer, reason, text] of [
      ['wants a password', 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n', 'authentication-failed', /HTTP 407/],
      ['forbids it', 'HTTP/1.1 403 Forbidden\r\nContent-Length: 9\r\n\r\nforbidden', 'unreachable', /HTTP 403/],
      ['is none', 'SSH-2.0-OpenSSH\r\n', 'bad-peer', /broke the HTTP protocol/],
      ['hangs up', '', 'unreachable', /closed the connection/],
    ] as const) {
      it(`tells a proxy that ${what}`, async () => {
        const proxy = await tunnel([], answer);
        things.push(proxy);
        const told = await failureOf(connect({ port: 5986, winrm: { scheme: 'https' }, options: { proxy: () => `http://u:topsecret@127.0.0.1:${proxy.port}` } }), reason);
        assert.match(told.message, text);
        assert.ok(!JSON.stringify(told).includes('topsecret'));
      });
    }

    it('tells a proxy that is not there, or whose setting cannot be used', async () => {
      const gone = await listen(() => undefined);
      const { port } = gone;
      await gone[Symbol.asyncDispose]();
      assert.match((await failureOf(connect({ port: 5986, winrm: { scheme: 'https' }, options: { proxy: () => `127.0.0.1:${port}` } }), 'unreachable')).message, /through the proxy 127\.0\.0\.1/);
      for (const proxy of ['socks5://127.0.0.1:1080', 'http://', 'http://[::1']) {
        await failureOf(connect({ port: 5986, winrm: { scheme: 'https' }, options: { proxy: () => proxy } }), 'unsupported');
      }
    });

    it('is not asked for over http', async () => {
      const fake = await FakeServer.start();
      things.push(fake);
      const connection = await connect({ port: fake.port, options: { proxy: () => assert.fail('asked') } });
      await connection[Symbol.asyncDispose]();
    });
  });
});

describe('Pins of certificates', () => {
  let folder: string;
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'certificate-pins-')); });
  afterEach(async () => { await rm(folder, { recursive: true, force: true }); });
  const pin = { host: 'AADC01.example.org', port: 5986, fingerprint: fingerprint('server') };

  it('are kept for a host and a port, in files of their owner, until they are forgotten', async () => {
    const pins = createFileCertificatePins(join(folder, 'new'));
    assert.deepEqual(await pins.find(pin.host, pin.port), []);
    await pins.add(pin);
    await pins.add(pin);
    await createFileCertificatePins(join(folder, 'new')).add({ ...pin, fingerprint: fingerprint('self-signed') });
    assert.equal((await pins.find('aadc01.EXAMPLE.org', 5986)).length, 2);
    assert.deepEqual([await pins.find(pin.host, 443), await pins.find('aadc02.example.org', 5986)], [[], []]);
    const [name = ''] = await readdir(join(folder, 'new'));
    assert.equal((await stat(join(folder, 'new', name))).mode & 0o777, 0o600);
    assert.equal(await pins.forget(pin.host, pin.port), 2);
    assert.deepEqual(await pins.find(pin.host, pin.port), []);
  });

  it('that were tampered with are an error, never nothing', async () => {
    const pins = createFileCertificatePins(folder);
    await pins.add(pin);
    const [name = ''] = await readdir(folder);
    for (const text of ['', '{', 'null', '[]', JSON.stringify({ v: 2 }), JSON.stringify({ v: 1, host: 'aadc01.example.org', port: 5986, sha256: 'xx' }), JSON.stringify({ v: 1, host: 'elsewhere', port: 5986, sha256: pin.fingerprint }), 'x'.repeat(10_000)]) {
      await writeFile(join(folder, name), text);
      await assert.rejects(pins.find(pin.host, pin.port), /not a certificate's record/);
    }
    assert.equal(await pins.forget(pin.host, pin.port), 1);
  });
});

interface Listening extends AsyncDisposable {
  readonly port: number;
}

async function listen(onConnection: (socket: Socket) => void): Promise<Listening> {
  const sockets = new Set<Socket | TLSSocket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** A proxy that notes the CONNECT and opens the tunnel, or answers something else. */
async function tunnel(seen: string[], answer: string | undefined): Promise<Listening> {
  return await listen((client) => {
    client.on('error', () => undefined);
    client.once('data', (bytes) => {
      seen.push(bytes.toString('latin1'));
      if (answer !== undefined) {
        client.end(answer);
        return;
      }
      const port = Number(/^CONNECT [^ ]*:(\d+) /.exec(bytes.toString('latin1'))?.[1]);
      const server = connectTcp({ host: '127.0.0.1', port });
      server.on('error', () => client.destroy());
      server.once('connect', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.pipe(server).pipe(client);
      });
    });
  });
}
