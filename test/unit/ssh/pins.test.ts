import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileHostKeyPins } from '../../../src/remote/ssh/pins.ts';
import { blob, ecdsa, ed25519 } from './vectors.ts';

describe('pinned host keys', () => {
  let folder: string;
  beforeEach(async () => { folder = join(await mkdtemp(join(tmpdir(), 'pins-')), 'host-keys'); });
  afterEach(async () => { await rm(join(folder, '..'), { recursive: true, force: true }); });

  it('knows nothing before the folder exists', async () => {
    assert.deepEqual(await createFileHostKeyPins(folder).find('aadc01', 22), []);
    assert.equal(await createFileHostKeyPins(folder).forget('aadc01', 22), 0);
  });

  it('finds a pin again, by another instance, whatever the case of the name', async () => {
    await createFileHostKeyPins(folder).add({ host: 'AADC01', port: 22, key: blob(ed25519.line) });
    const [found, ...others] = await createFileHostKeyPins(folder).find('aadc01', 22);
    assert.deepEqual(others, []);
    assert.deepEqual(Buffer.from(found!.key), blob(ed25519.line));
    assert.equal(join(folder, (await readdir(folder))[0]!), found!.where);
  });

  it('keeps hosts and ports apart, also such as look alike in a file name', async () => {
    const pins = createFileHostKeyPins(folder);
    await pins.add({ host: 'a:b', port: 22, key: blob(ed25519.line) });
    for (const [host, port] of [['a_b', 22], ['a:b', 2222], ['a', 22], ['../a:b', 22]] as const) assert.deepEqual(await pins.find(host, port), []);
    await pins.add({ host: '../../evil', port: 22, key: blob(ed25519.line) });
    assert.equal((await pins.find('../../evil', 22)).length, 1);
    assert.equal((await readdir(folder)).length, 2);
  });

  it('keeps several keys of one host, each once', async () => {
    const pins = createFileHostKeyPins(folder);
    for (const key of [ed25519, ecdsa, ed25519]) await pins.add({ host: 'a', port: 22, key: blob(key.line) });
    assert.equal((await pins.find('a', 22)).length, 2);
  });

  it('forgets one host only', async () => {
    const pins = createFileHostKeyPins(folder);
    await pins.add({ host: 'a', port: 22, key: blob(ed25519.line) });
    await pins.add({ host: 'b', port: 22, key: blob(ed25519.line) });
    assert.equal(await pins.forget('a', 22), 1);
    assert.deepEqual([(await pins.find('a', 22)).length, (await pins.find('b', 22)).length], [0, 1]);
  });

  it('writes files and folder that only the person may read, and leaves no temporary file', async () => {
    await createFileHostKeyPins(folder).add({ host: 'a', port: 22, key: blob(ed25519.line) });
    const names = await readdir(folder);
    assert.equal(names.length, 1);
    assert.equal((await stat(join(folder, names[0]!))).mode & 0o777, 0o600);
    assert.equal((await stat(folder)).mode & 0o777, 0o700);
  });

  for (const [what, text] of [
    ['no JSON', 'x'], ['nothing', ''], ['null', 'null'], ['another version', '{"v":2}'], ['another host', JSON.stringify({ v: 1, host: 'b', port: 22, key: ed25519.line.split(' ')[1] })],
    ['no key', '{"v":1,"host":"a","port":22,"key":"AAAA"}'], ['a huge file', ' '.repeat(20_000)],
  ] as const) {
    it(`fails, naming the file, where a pin holds ${what}`, async () => {
      const pins = createFileHostKeyPins(folder);
      await pins.add({ host: 'a', port: 22, key: blob(ed25519.line) });
      const path = join(folder, (await readdir(folder))[0]!);
      await writeFile(path, text);
      await assert.rejects(pins.find('a', 22), (error: Error) => error.message.includes(path));
      assert.equal(await pins.forget('a', 22), 1);
    });
  }

  it('loses no pin when several writers add at once', async () => {
    const pins = [createFileHostKeyPins(folder), createFileHostKeyPins(folder), createFileHostKeyPins(folder)];
    await Promise.all(Array.from({ length: 60 }, (_, at) => pins[at % 3]!.add({ host: `host${at % 20}`, port: 22 + at, key: blob(ed25519.line) })));
    for (let at = 0; at < 60; at += 1) assert.equal((await pins[0]!.find(`host${at % 20}`, 22 + at)).length, 1);
  });
});
