import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { fingerprint } from '../../src/remote/ssh/host-key.ts';
import { Client, failureOf } from './support/ssh-client.ts';
import { blobOf, newKey, startBridge, type Bridge } from './support/ssh-bridge.ts';

describe('SSH host keys', () => {
  let client: Client;
  let bridge: Bridge | undefined;
  beforeEach(async () => { client = await Client.create(); });
  afterEach(async () => {
    await client.dispose();
    await bridge?.close();
    bridge = undefined;
  });

  function line(port: number, key: Buffer, type = 'ssh-ed25519'): string {
    return `[127.0.0.1]:${port} ${type} ${key.toString('base64')}\n`;
  }

  it('asks about an unknown key with its SHA256 fingerprint, before any password, and pins the answer', async () => {
    bridge = await startBridge({ authenticate: (context) => { if (context.method === 'password') context.accept(); else context.reject(['password']); } });
    const { port, hostKeys } = bridge;
    const first = await client.connect({ port }, client.prompts({ trust: [true], passwords: ['x'] }));
    assert.deepEqual(client.asked.trust, [{ server: `AADC01 (127.0.0.1:${port})`, algorithm: 'ssh-ed25519', fingerprint: fingerprint(hostKeys[0]!) }]);
    await first[Symbol.asyncDispose]();
    await client.connect({ port }, client.prompts({ passwords: ['x'] }));
    assert.equal(client.asked.trust.length, 1);
    assert.equal((await client.pins.find('127.0.0.1', port)).length, 1);
    await assert.rejects(readFile(client.knownHosts), { code: 'ENOENT' });
  });

  it('connects to nobody whose key was not trusted: no password asked, none sent, nothing pinned', async () => {
    bridge = await startBridge();
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [false], passwords: ['x'] })), 'host-key-unknown');
    assert.ok(failure.message.includes(fingerprint(bridge.hostKeys[0]!)));
    assert.deepEqual([client.asked.passwords, bridge.attempts, await client.pins.find('127.0.0.1', bridge.port)], [[], [], []]);
  });

  it('trusts a key of known_hosts without asking, and leaves the file as it is', async () => {
    bridge = await startBridge();
    const text = line(bridge.port, bridge.hostKeys[0]!);
    await writeFile(client.knownHosts, text);
    await client.connect({ port: bridge.port }, client.prompts({}));
    assert.deepEqual(client.asked.trust, []);
    assert.equal(await readFile(client.knownHosts, 'utf8'), text);
    assert.deepEqual(await client.pins.find('127.0.0.1', bridge.port), []);
  });

  it('refuses a key that differs from known_hosts: both fingerprints, file and line, nobody asked', async () => {
    bridge = await startBridge();
    const old = blobOf(newKey().private);
    await writeFile(client.knownHosts, `# mine\n${line(bridge.port, old)}`);
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true], passwords: ['x'] })), 'host-key-changed');
    for (const part of [fingerprint(old), fingerprint(bridge.hostKeys[0]!), `${client.knownHosts}:2`]) assert.ok(failure.message.includes(part), part);
    assert.deepEqual([client.asked.trust, client.asked.passwords, bridge.attempts], [[], [], []]);
  });

  it('refuses a key that differs from the pinned one, until the pin is forgotten deliberately', async () => {
    bridge = await startBridge();
    const { port } = bridge;
    const old = blobOf(newKey().private);
    await client.pins.add({ host: '127.0.0.1', port, key: old });
    const [pin] = await client.pins.find('127.0.0.1', port);
    const failure = await failureOf(client.connect({ port }, client.prompts({ trust: [true] })), 'host-key-changed');
    for (const part of [fingerprint(old), fingerprint(bridge.hostKeys[0]!), pin!.where]) assert.ok(failure.message.includes(part), part);
    await client.pins.forget('127.0.0.1', port);
    await client.connect({ port }, client.prompts({ trust: [true] }));
    assert.equal(client.asked.trust.length, 1);
  });

  for (const known of ['ed25519', 'ecdsa', 'rsa'] as const) {
    it(`does not take a server with several keys for a changed one: ${known} is known`, async () => {
      const keys = { ed25519: newKey('ed25519'), ecdsa: newKey('ecdsa'), rsa: newKey('rsa') };
      bridge = await startBridge({ hostKeys: Object.values(keys).map((key) => key.private) });
      await client.pins.add({ host: '127.0.0.1', port: bridge.port, key: blobOf(keys[known].private) });
      await client.connect({ port: bridge.port }, client.prompts({}));
      assert.deepEqual(client.asked.trust, []);
    });
  }

  it('refuses a revoked key', async () => {
    bridge = await startBridge();
    await writeFile(client.knownHosts, `@revoked * ssh-ed25519 ${bridge.hostKeys[0]!.toString('base64')}\n`);
    assert.match((await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] })), 'host-key-changed')).message, /revoked/);
  });

  it('fails closed where the answer cannot be recorded: nobody logs on', async () => {
    bridge = await startBridge();
    const hostKeyPins = { ...client.pins, add: () => Promise.reject(new Error('disk full')) };
    const failure = await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] }), { hostKeyPins }), 'host-key-unknown');
    assert.match(failure.message, /disk full/);
    assert.deepEqual(bridge.attempts, []);
  });

  it('fails closed where our own store cannot be read', async () => {
    bridge = await startBridge();
    await client.file('pins', 'a file where the folder should be');
    await failureOf(client.connect({ port: bridge.port }, client.prompts({ trust: [true] })), 'host-key-unknown');
    assert.deepEqual(client.asked.trust, []);
  });
});
