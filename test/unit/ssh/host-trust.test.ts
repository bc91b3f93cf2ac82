import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RemoteError } from '../../../src/remote/error.ts';
import { readHostTrust, type HostTrust } from '../../../src/remote/ssh/host-trust.ts';
import { createFileHostKeyPins, type HostKeyPins } from '../../../src/remote/ssh/pins.ts';
import { blob, ecdsa, ed25519, hashed, rsa } from './vectors.ts';

describe('trust in a host key', () => {
  let folder: string;
  let file: string;
  let pins: HostKeyPins;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'trust-'));
    file = join(folder, 'known_hosts');
    pins = createFileHostKeyPins(join(folder, 'pins'));
  });
  afterEach(async () => { await rm(folder, { recursive: true, force: true }); });

  async function trust(text: string | undefined, host = 'aadc01', port = 22): Promise<HostTrust> {
    if (text !== undefined) await writeFile(file, text);
    return await readHostTrust({ server: 'Server A (aadc01:22)', host, port, knownHostsFiles: [file, join(folder, 'missing')], pins });
  }
  function refusal(verdict: ReturnType<HostTrust['judge']>): RemoteError {
    assert.ok(verdict instanceof RemoteError);
    return verdict;
  }

  it('is unknown where nothing is recorded', async () => {
    assert.equal((await trust(undefined)).judge(blob(ed25519.line)), 'unknown');
    assert.deepEqual((await trust('')).knownTypes, []);
  });

  it('is there for a key of known_hosts', async () => {
    const known = await trust(`aadc01 ${rsa.line}\naadc01 ${ed25519.line}\nother ${ecdsa.line}`);
    assert.equal(known.judge(blob(ed25519.line)), 'trusted');
    assert.equal(known.judge(blob(rsa.line)), 'trusted');
    assert.deepEqual(known.knownTypes, ['ssh-rsa', 'ssh-ed25519']);
  });

  it('is there for a pin, beside another key in known_hosts', async () => {
    await pins.add({ host: 'aadc01', port: 22, key: blob(ecdsa.line) });
    const known = await trust(`aadc01 ${ed25519.line}`);
    assert.equal(known.judge(blob(ecdsa.line)), 'trusted');
    assert.equal(known.judge(blob(ed25519.line)), 'trusted');
  });

  it('refuses another key with both fingerprints, file and line, and the way to accept it', async () => {
    const { failure } = refusal((await trust(`# comment\naadc01 ${ed25519.line}`)).judge(blob(rsa.line)));
    assert.equal(failure.reason, 'host-key-changed');
    assert.equal(failure.server, 'Server A (aadc01:22)');
    for (const part of [ed25519.fingerprint, rsa.fingerprint, `${file}:2`]) assert.ok(failure.message.includes(part), part);
    assert.ok(failure.remedy.includes(`remove line 2 of ${file}`));
    assert.ok(failure.remedy.includes('ssh-keygen -R "aadc01"'));
  });

  it('refuses another key of another type too: a missing type must not pass as a new server', async () => {
    assert.equal(refusal((await trust(hashed.plainPort, 'aadc01.contoso.example')).judge(blob(ecdsa.line))).failure.reason, 'host-key-changed');
  });

  it('refuses another key than the pinned one and names the pin\'s file', async () => {
    await pins.add({ host: 'aadc01', port: 22, key: blob(ed25519.line) });
    const [pin] = await pins.find('aadc01', 22);
    const { failure } = refusal((await trust('')).judge(blob(ecdsa.line)));
    assert.ok(failure.message.includes(`(recorded in ${pin!.where})`));
    assert.ok(failure.remedy.includes(`delete ${pin!.where}`));
  });

  it('refuses a revoked key even where it is recorded or pinned', async () => {
    await pins.add({ host: 'aadc01', port: 22, key: blob(ed25519.line) });
    const known = await trust(`aadc01 ${ed25519.line}\n@revoked * ${ed25519.line}`);
    const { failure } = refusal(known.judge(blob(ed25519.line)));
    assert.match(failure.message, /revoked/);
    assert.ok(failure.message.includes(`${file}:2`));
    assert.deepEqual(known.knownTypes, []);
  });

  it('takes a certificate authority neither as the host\'s key nor as a changed one', async () => {
    const known = await trust(`@cert-authority * ${rsa.line}`);
    assert.equal(known.judge(blob(rsa.line)), 'unknown');
    assert.equal(known.judge(blob(ed25519.line)), 'unknown');
  });

  it('fails closed where known_hosts is there but cannot be read', async () => {
    await mkdir(file);
    await assert.rejects(trust(undefined), (error: unknown) => error instanceof RemoteError && error.failure.reason === 'host-key-unknown' && error.message.includes(file));
  });

  it('fails closed where known_hosts is too large to be read', async () => {
    await assert.rejects(trust('#'.repeat(8 * 1024 * 1024 + 1)), (error: unknown) => error instanceof RemoteError && error.message.includes(file));
  });

  it('fails closed where our own store is damaged', async () => {
    await pins.add({ host: 'aadc01', port: 22, key: blob(ed25519.line) });
    await writeFile((await pins.find('aadc01', 22))[0]!.where, '{');
    await assert.rejects(trust(''), (error: unknown) => error instanceof RemoteError && error.failure.reason === 'host-key-unknown');
  });
});
