import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { createConnect } from '../../src/remote/connect.ts';
import { RemoteError } from '../../src/remote/error.ts';
import type { ConnectPrompts, ServerConnection } from '../../src/session.ts';

const nobody: ConnectPrompts = {
  trustHostKey: () => Promise.reject(new Error('nothing is asked for this machine')),
  trustCertificate: () => Promise.reject(new Error('nothing is asked for this machine')),
  password: () => Promise.reject(new Error('nothing is asked for this machine')),
  passphrase: () => Promise.reject(new Error('nothing is asked for this machine')),
};

async function connectLocally(localPowerShell: string, signal = new AbortController().signal): Promise<ServerConnection> {
  const connect = createConnect({
    hostKeyPins: { find: () => Promise.resolve([]), add: () => Promise.resolve(), forget: () => Promise.resolve(0) }, certificatePins: { find: () => Promise.resolve([]), add: () => Promise.resolve(), forget: () => Promise.resolve(0) }, knownHostsFiles: [], localPowerShell, allowAnyPowerShell: true,
  });
  return await connect({ name: 'Here', host: 'localhost', transport: 'local', port: undefined, user: undefined, identityFile: undefined }, nobody, signal);
}

const engine = resolve('.cache/engine/practice-engine');

/** What must fail with a RemoteError about this machine. */
async function reasonOf(running: Promise<unknown>): Promise<string> {
  try {
    await running;
  } catch (error) {
    assert.ok(error instanceof RemoteError, String(error));
    assert.equal(error.failure.server, 'Here (this machine)');
    return error.failure.reason;
  }
  return 'nothing';
}

describe('The local transport', () => {
  it('runs a line in a process of its own for each session, and ends them all', async () => {
    const connection = await connectLocally(engine);
    const [one, other] = await Promise.all([connection.openSession(), connection.openSession()]);
    const values: unknown[] = [];
    for (const session of [one, other]) for await (const record of session.invoke('$PID')) if (record.stream === 'output') values.push(record.value);
    assert.equal(values.length, 2);
    assert.notEqual(values[0], values[1]);
    assert.equal(one.peer.transport, 'local process');
    await connection[Symbol.asyncDispose]();
    assert.deepEqual([await one.closed, await other.closed, await connection.closed, connection.alive], [undefined, undefined, undefined, false]);
    for (const pid of values) assert.throws(() => process.kill(pid as number, 0), { code: 'ESRCH' });
    assert.equal(await reasonOf(connection.openSession()), 'closed');
  });

  it('says that the PowerShell of the setting cannot be started', async () => {
    const connection = await connectLocally('/nowhere/powershell.exe');
    assert.notEqual(await reasonOf(connection.openSession()), 'nothing');
  });

  it('can be cancelled before and while a session opens', async () => {
    assert.equal(await reasonOf(connectLocally(engine, AbortSignal.abort())), 'cancelled');
    const connection = await connectLocally(engine);
    const controller = new AbortController();
    const opening = connection.openSession(controller.signal);
    controller.abort();
    assert.equal(await reasonOf(opening), 'cancelled');
  });

  it('leaves no session behind that opened while the connection was closed', async () => {
    const connection = await connectLocally(engine);
    const opening = connection.openSession();
    await connection[Symbol.asyncDispose]();
    assert.equal(await reasonOf(opening), 'closed');
  });
});
