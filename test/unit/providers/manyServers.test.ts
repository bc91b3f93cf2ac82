import assert from 'node:assert/strict';
import { FleetDiagnosis } from '../../../src/providers/fleetDiagnosis.ts';
import { Semaphore } from '../../../src/providers/semaphore.ts';
import { withDeadline } from '../../../src/providers/server/deadline.ts';
import { ServerLink } from '../../../src/providers/server/link.ts';
import { initialState } from '../../../src/providers/server/state.ts';
import type { ConnectPrompts, ServerConnection } from '../../../src/session.ts';
import { deferred, FakeConnection } from './fakes.ts';

const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const clock = { now: () => 0, delay: () => Promise.resolve() };
const nobody: ConnectPrompts = { trustHostKey: () => Promise.resolve(false), trustCertificate: () => Promise.resolve(false), password: () => Promise.resolve(undefined), passphrase: () => Promise.resolve(undefined) };

describe('two hundred servers', () => {
  it('of which fifty are dead: the others are all read meanwhile, and cancelling ends the dead ones', async () => {
    let open = 0;
    let most = 0;
    const patience = { milliseconds: 1, slow: 56 };
    const gate = new Semaphore(8, patience);
    const servers = Array.from({ length: 200 }, (_, n) => {
      const dead = n % 4 === 0;
      const link = new ServerLink({
        changed: () => undefined,
        open: (signal) => {
          most = Math.max(most, ++open);
          const attempt = dead ? new Promise<ServerConnection>((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new DOMException('x', 'AbortError')); }); }) : settled().then(() => new FakeConnection());
          return attempt.finally(() => { open--; });
        },
      });
      return {
        name: `S${n}`, group: undefined, state: () => initialState, cancel: () => { link.cancel(); },
        diagnose: () => gate.run(() => link.session()).then(() => true, () => false),
      };
    });
    const controller = new AbortController();
    const diagnosis = new FleetDiagnosis(servers, 8, patience, clock, () => undefined);
    const run = diagnosis.run(controller.signal);
    while (diagnosis.over < 150) await settled();
    assert.equal(diagnosis.rows.filter((row) => row.state === 'read').length, 150);
    assert.ok(diagnosis.rows.every((row, n) => row.state === (n % 4 === 0 ? 'reading' : 'read')));
    assert.ok(most <= 64, `${most} attempts at once`);
    controller.abort();
    await run;
    assert.equal(diagnosis.rows.filter((row) => row.state === 'cancelled').length, 50);
  });
});

describe('the deadline of an attempt', () => {
  const options = { server: 'AADC01', prompts: nobody, signal: new AbortController().signal };

  it('ends an attempt that never comes to an end, says so, and closes what comes late', async () => {
    const late = deferred<FakeConnection>();
    let aborted = false;
    await assert.rejects(withDeadline({ ...options, milliseconds: 1 }, (_prompts, signal) => {
      signal.addEventListener('abort', () => { aborted = true; });
      return late.promise;
    }), /AADC01: no connection within 0.001 seconds/);
    assert.equal(aborted, true);
    const connection = new FakeConnection();
    late.resolve(connection);
    await settled();
    assert.equal(connection.alive, false);
  });

  it('stands still while a person is asked', async () => {
    const answer = deferred<undefined>();
    const connection = new FakeConnection();
    const running = withDeadline({ ...options, milliseconds: 20, prompts: { ...nobody, password: () => answer.promise } }, async (prompts) => {
      await prompts.password({ server: 'A', user: 'u', retry: false });
      return connection;
    });
    // Another one of the same length, started later, is over by then.
    await assert.rejects(withDeadline({ ...options, milliseconds: 20 }, () => new Promise<FakeConnection>(() => undefined)));
    await settled();
    answer.resolve(undefined);
    assert.equal(await running, connection);
  });
});
