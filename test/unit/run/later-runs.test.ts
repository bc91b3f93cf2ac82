import assert from 'node:assert/strict';
import { FakeClient } from './fake-client.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { lost } from './fake-session.ts';

const day = 86_400_000;

function clients(...names: string[]): { server: FakeServer; of: (name: string) => FakeClient } {
  const server = new FakeServer(new FakeClock());
  const all = new Map(names.map((who) => [who, new FakeClient(server, who)]));
  for (const { person } of all.values()) person.answers = { ...person.answers, 'staging-first': 'none' };
  return { server, of: (name) => all.get(name) ?? assert.fail(name) };
}

/** The mark of an abandonment by another run, long ago, that nobody has settled; the service has started since. */
function staleMark(server: FakeServer): void {
  const ago = (milliseconds: number): string => new Date(server.clock.time - milliseconds).toISOString();
  const run = '99999999-2222-4333-8444-555555555555';
  server.claim = { run, intent: ago(9 * day), applicationRecord: '1' };
  server.marker = { run, intent: ago(9 * day), phase: 'finished', refusal: '', exitCode: '0', finished: ago(9 * day - 60_000), output: '', folder: 'f', task: `EntraConnectRemediation-${run}`, applicationRecord: '1', bootTime: '2026-10-01T00:00:00.0000000Z' };
}

describe('a repair that cannot go on now', () => {
  it('puts back what it had changed, ends refused, and is gone on with whole once nothing stands in its way', async () => {
    const { server, of } = clients('alice', 'bob', 'carol');
    of('alice').hook = (name, when): void => { if (name === 'pause-scheduler' && when === 'after') { of('alice').dead = true; throw lost(); } };
    await of('alice').plan('planned-change');
    server.databaseBytes = Math.round(9.9 * 2 ** 30);
    const refused = await of('bob').resume();
    assert.equal(refused?.state, 'refused', refused?.message);
    assert.deepEqual([server.enabled, server.before], [true, '']);
    assert.ok((await of('bob').look()).unfinished?.steps.some(({ step, state }) => step === 'set-service-password' && state === 'pending'));
    server.databaseBytes = 500_000_000;
    const done = await of('carol').resume();
    assert.equal(done?.state, 'done', done?.message);
    assert.ok(done.steps.some(({ id, state }) => id === 'set-service-password' && state === 'done'));
    assert.deepEqual([server.enabled, server.before], [true, '']);
  });
});

describe('an abandonment that is long over', () => {
  it('is settled by the next start, whatever that is for', async () => {
    const { server, of } = clients('alice');
    staleMark(server);
    server.event('Application', 'key-new', 6201, 'ADSync', [], -9 * day + 30_000);
    await of('alice').start({ kind: 'step', step: 'start-service', target: undefined }).result;
    assert.equal(server.marker, undefined);
  });

  for (const [what, forget] of [['', false], [', also where no log tells any more that the service was started: it runs', true]] as const) {
    it(`is no answer to a key that is to be abandoned now${what}`, async () => {
      const { server, of } = clients('alice');
      staleMark(server);
      if (forget) server.events = [];
      // Every connector has worked since.
      for (const { name } of server.connectors) server.runs.push({ connector: name, profile: 'Delta Import', result: 'success', history: name, start: new Date(server.clock.time - 3_600_000).toISOString() });
      const result = await of('alice').plan('abandon-any-reason');
      assert.equal(result?.state, 'done', result?.message);
      assert.equal(server.abandonedCount, 1);
    });
  }

  it('does not stand in the way of a lost key, nor of the single step', async () => {
    const { server, of } = clients('alice');
    staleMark(server);
    server.loseKey();
    assert.equal((await of('alice').look()).findings[0]?.id, 'key-lost');
    const result = await of('alice').start({ kind: 'step', step: 'abandon-key', target: undefined }).result;
    assert.equal(result.state, 'done', result.message);
    assert.equal(server.abandonedCount, 1);
  });

  it('is not what a service that was stopped in order is told of', async () => {
    const { server, of } = clients('alice');
    staleMark(server);
    await of('alice').start({ kind: 'step', step: 'stop-service', target: undefined }).result;
    for (let reading = 0; reading < 5 && server.state !== 'Stopped'; reading++) await of('alice').look();
    assert.ok(!(await of('alice').look()).findings.some(({ id }) => id === 'key-recreated'));
  });
});

describe('of two runs, the one that was at work later', () => {
  it('has abandoned the key, and the other offers nothing of it any more', async () => {
    const { server, of } = clients('alice', 'bob', 'carol', 'dora');
    for (const who of ['alice', 'bob']) {
      of(who).person.agrees = ({ step }): boolean => step !== 'abandon-key';
      assert.equal((await of(who).plan('abandon-any-reason'))?.state, 'cancelled');
      server.clock.time += day;
    }
    const first = [...server.runRecords.keys()][0] ?? assert.fail();
    const record = (await of('carol').look()).unfinished ?? assert.fail();
    assert.notEqual(record.id, first);
    const older = { ...record, id: first };
    const done = await of('carol').start({ kind: 'resume', record: older, entry: crypto.randomUUID() }, first, true).result;
    assert.equal(done.state, 'done', done.message);
    assert.equal((await of('dora').look()).unfinished, undefined);
    assert.equal(server.abandonedCount, 1);
  });

  it('is not the one that only asked whether to go on: what somebody did by hand meanwhile still counts', async () => {
    const { server, of } = clients('alice', 'bob', 'carol');
    of('alice').person.agrees = ({ step }): boolean => step !== 'abandon-key';
    assert.equal((await of('alice').plan('abandon-any-reason'))?.state, 'cancelled');
    server.clock.time += day;
    server.event('Application', 'key-new', 6201, 'ADSync');
    for (const { name } of server.connectors) server.event('Application', 'secrets', 6603, 'ADSync', [name]);
    server.clock.time += day;
    of('bob').person.agrees = ({ overrules }): boolean => overrules !== undefined;
    const before = [...server.runRecords.values()].map(({ Updated }) => Updated);
    assert.equal((await of('bob').resume())?.state, 'cancelled');
    assert.deepEqual([...server.runRecords.values()].map(({ Updated }) => Updated), before);
    const done = await of('carol').resume();
    assert.ok(done?.steps.every(({ id }) => id !== 'abandon-key'), done?.message);
    assert.equal(server.launches, 0);
  });

  it('has left a mark, of which an older run makes nothing of its own', async () => {
    const { server, of } = clients('alice', 'bob', 'carol');
    of('alice').person.agrees = ({ step }): boolean => step !== 'abandon-key';
    assert.equal((await of('alice').plan('abandon-any-reason'))?.state, 'cancelled');
    const record = (await of('carol').look()).unfinished ?? assert.fail();
    server.clock.time += day;
    of('bob').hook = (name, when): void => { if (name === 'launch-abandon' && when === 'after') { of('bob').dead = true; throw lost(); } };
    await of('bob').plan('abandon-any-reason', true);
    for (let reading = 0; reading < 5; reading++) await server.handle('read-abandon', {});
    assert.equal(server.abandonedCount, 1);
    server.clock.time += 60_000;
    // Somebody starts it in the services console, and enters what is missing.
    Object.assign(server, { state: 'Running', key: 'readable', exitCode: 0 });
    server.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running']);
    server.event('Application', 'key-new', 6201, 'ADSync');
    for (const one of server.connectors) {
      one.good = true;
      server.event('Application', 'secrets', 6603, 'ADSync', [one.name]);
    }
    server.clock.time += 600_000;
    await of('carol').start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id, true).result;
    assert.deepEqual([server.abandonedCount, server.launches], [1, 1]);
  });

  it('has left a mark and a stopped service: what is left of the older run is done without the key', async () => {
    const { server, of } = clients('alice', 'bob', 'carol');
    of('alice').person.agrees = ({ step }): boolean => step !== 'abandon-key';
    assert.equal((await of('alice').plan('abandon-any-reason'))?.state, 'cancelled');
    const record = (await of('carol').look()).unfinished ?? assert.fail();
    server.clock.time += day;
    of('bob').hook = (name, when): void => { if (name === 'launch-abandon' && when === 'after') { of('bob').dead = true; throw lost(); } };
    await of('bob').plan('abandon-any-reason', true);
    for (let reading = 0; reading < 5; reading++) await server.handle('read-abandon', {});
    assert.deepEqual([server.abandonedCount, server.state], [1, 'Stopped']);
    server.clock.time += 600_000;
    await of('carol').start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id, true).result;
    assert.equal(server.launches, 1);
    assert.ok(!of('carol').events.some((event) => event.kind === 'plan' && event.plan.steps.some(({ step }) => step === 'abandon-key')));
  });

  it('has settled what an earlier one abandoned, which is not abandoned again', async () => {
    const { server, of } = clients('alice', 'bob', 'carol');
    of('alice').hook = (name, when): void => { if (name === 'launch-abandon' && when === 'after') { of('alice').dead = true; throw lost(); } };
    await of('alice').plan('abandon-any-reason');
    const record = (await of('carol').look()).unfinished ?? assert.fail();
    for (let reading = 0; reading < 5; reading++) await server.handle('read-abandon', {});
    assert.equal(server.abandonedCount, 1);
    server.clock.time += 600_000;
    of('bob').person.agrees = ({ step }): boolean => step === undefined || step === 'start-service';
    of('bob').person.answers = { ...of('bob').person.answers };
    of('bob').person.waitForAnswer = 'give-up';
    await of('bob').plan('credentials-only', true);
    assert.equal(server.marker, undefined);
    for (const { name, type } of server.connectors) if (type === 'AD') server.enterPassword(name);
    server.clock.time += 600_000;
    await of('carol').start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id, true).result;
    assert.equal(server.abandonedCount, 1);
  });
});

describe('a password that was not given yet', () => {
  it('is still asked for where another connector has a fault of its own', async () => {
    const { server, of } = clients('alice', 'bob');
    server.connectors.push({ name: 'fabrikam.example', type: 'AD', good: false });
    await of('alice').start({ kind: 'step', step: 'verify', target: undefined }).result;
    of('alice').person.agrees = ({ step }): boolean => step !== 'set-service-password';
    assert.equal((await of('alice').plan('planned-change'))?.state, 'cancelled');
    assert.equal((await of('bob').look()).findings[0]?.id, 'connector-password');
    const result = await of('bob').resume();
    assert.ok(result?.steps.some(({ id, state }) => id === 'set-service-password' && state === 'done'), result?.message);
  });

  it('is asked for although the service has run all the while', async () => {
    const { server, of } = clients('alice', 'bob');
    of('alice').person.agrees = ({ step }): boolean => step !== 'set-service-password';
    assert.equal((await of('alice').plan('service-password'))?.state, 'cancelled');
    server.scmPassword = 'old';
    const result = await of('bob').resume();
    assert.equal(server.scmPassword, server.accountPassword, result?.message);
  });
});
