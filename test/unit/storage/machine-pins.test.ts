import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Memento } from 'vscode';
import { checkPin, type MachineIdentity } from '../../../src/connect/machine-pin.ts';
import { Refused } from '../../../src/connect/run-errors.ts';
import { SharedPins } from '../../../src/providers/memory.ts';
import { MachinePinFiles } from '../../../src/storage/machine-pins.ts';
import { CliBench } from '../cli/cli-bench.ts';

const one: MachineIdentity = { computerName: 'SYNC1', machineId: '8c6f7e3a-1111-4222-8333-444455556666' };
const other: MachineIdentity = { computerName: 'SYNC1', machineId: '99999999-0000-4000-8000-000000000000' };
const service = ['run', 'practice', '--plan', 'service-password', '--confirm', 'SYNC1', '--answer', 'password-change-kind=change'];
const helper = { ENTRA_CONNECT_CREDENTIAL_HELPER: '["/bin/echo","{\\"v\\":1,\\"password\\":\\"new-Passw0rd\\"}"]' };

/** A workspace's memory, as the editor keeps it. */
function memento(content: Readonly<Record<string, unknown>> = {}): Memento {
  const values = new Map(Object.entries(content));
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, otherwise?: T) => (values.has(key) ? values.get(key) : otherwise) as T,
    update: (key, value) => {
      if (value === undefined) values.delete(key);
      else values.set(key, value);
      return Promise.resolve();
    },
  };
}

/** What the extension uses for a server of a bench's servers file. */
function editorPins(bench: CliBench, memory = memento()): SharedPins {
  return new SharedPins(new MachinePinFiles(join(bench.folder, 'state', 'machines'), join(bench.folder, 'lab.connect.yaml')), memory);
}

describe('the machine that a name stands for', () => {
  it('pinned by the extension, a changed one is refused by the command line', async () => {
    using bench = new CliBench();
    bench.environment = helper;
    bench.server.wrongScmPassword();
    assert.equal(await checkPin('practice', one, editorPins(bench)), 'first');
    bench.server.machineId = other.machineId;
    const refused = await bench.call(service);
    assert.equal(refused.code, 5);
    assert.match(refused.out + refused.err, /another machine than before/);
    assert.equal(bench.server.startAttempts, 0);
    bench.server.machineId = one.machineId;
    assert.equal((await bench.call(service)).code, 0);
  });

  it('pinned by the command line, a changed one is refused by the extension', async () => {
    using bench = new CliBench();
    bench.environment = helper;
    bench.server.wrongScmPassword();
    assert.equal((await bench.call(service)).code, 0);
    await assert.rejects(checkPin('practice', other, editorPins(bench)), Refused);
    assert.equal(await checkPin('practice', one, editorPins(bench)), 'same');
  });

  it('kept by an earlier version in the workspace, it is moved to the shared store and no longer kept there', async () => {
    using bench = new CliBench();
    bench.environment = helper;
    bench.server.wrongScmPassword();
    bench.server.machineId = other.machineId;
    const memory = memento({ 'entraConnect.machine:practice': one });
    await assert.rejects(checkPin('practice', other, editorPins(bench, memory)), Refused);
    assert.deepEqual(memory.keys(), []);
    assert.equal((await bench.call(service)).code, 5);
  });

  it('where both knew another machine, nothing is done until a person forgets the identity', async () => {
    using bench = new CliBench();
    const memory = memento({ 'entraConnect.machine:practice': one });
    await editorPins(bench).set('practice', other);
    const pins = editorPins(bench, memory);
    for (const identity of [one, other]) await assert.rejects(checkPin('practice', identity, pins), /in this workspace and for .* on the command line/);
    await pins.forget('practice');
    assert.deepEqual([memory.keys(), readdirSync(join(bench.folder, 'state', 'machines'))], [[], []]);
    assert.equal(await checkPin('practice', other, pins), 'first');
  });

  it('is the same by whatever link the servers file is opened, and another in another servers file', async () => {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'pins-')));
    try {
      mkdirSync(join(folder, 'a'));
      for (const name of ['a/x.connect.yaml', 'y.connect.yaml']) writeFileSync(join(folder, name), '');
      symlinkSync(join(folder, 'a'), join(folder, 'link'));
      const pins = (file: string): MachinePinFiles => new MachinePinFiles(join(folder, 'machines'), join(folder, file));
      await pins('link/x.connect.yaml').set('S', one);
      assert.deepEqual(await pins('a/x.connect.yaml').get('S'), one);
      assert.equal(await pins('y.connect.yaml').get('S'), undefined);
      assert.equal(await pins('a/x.connect.yaml').forget('S'), true);
      assert.equal(await pins('a/x.connect.yaml').forget('S'), false);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
