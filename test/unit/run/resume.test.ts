import assert from 'node:assert/strict';
import { runRecords, unfinishedRun } from '../../../src/connect/run-record.ts';
import type { RunResult } from '../../../src/connect/run-events.ts';
import { FakeClient } from './fake-client.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { FakeSession, lost } from './fake-session.ts';
import type { Pipeline, PipelineResult, StreamRecord } from '../../../src/session.ts';

/** A server and a client that dies right after the first answer of a script. */
function dying(script: string, prepare: (server: FakeServer) => void): { server: FakeServer; alice: FakeClient; bob: FakeClient } {
  const server = new FakeServer(new FakeClock());
  prepare(server);
  const alice = new FakeClient(server, 'alice');
  alice.hook = (name, when) => {
    if (name !== script || when !== 'after') return;
    alice.dead = true;
    throw lost();
  };
  return { server, alice, bob: new FakeClient(server, 'bob') };
}

const steps = (result: RunResult | undefined): string[] => (result?.steps ?? []).map((step) => `${step.id}: ${step.state}`);

describe('going on with a run', () => {
  it('the scheduler comes back as it was before the dead run paused it, from another machine and without its journal', async () => {
    const { server, alice, bob } = dying('pause-scheduler', () => undefined);
    await alice.plan('planned-change');
    assert.deepEqual([server.enabled, server.before], [false, 'True']);
    const result = await bob.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual([server.enabled, server.before], [true, '']);
    assert.equal(result.run, [...server.runRecords.keys()][0]);
    assert.equal(bob.journal.some((line) => line.includes('"run-resumed"') && line.includes('alice on alice-laptop')), true);
  });

  for (const [what, spoil] of [
    ['whoever goes on with it dies before their first step', (bob: FakeClient): void => { bob.hook = (name, when) => { if (name === 'begin-run' && when === 'after') { bob.dead = true; throw lost(); } }; }],
    ['whoever goes on with it says no to its plan', (bob: FakeClient): void => { bob.person.agrees = ({ overrules }): boolean => overrules !== undefined; }],
  ] as const) {
    it(`it stays unfinished where ${what}, and the scheduler is not left off`, async () => {
      const { server, alice, bob } = dying('pause-scheduler', () => undefined);
      await alice.plan('planned-change');
      spoil(bob);
      await bob.resume();
      assert.deepEqual([server.enabled, server.before], [false, 'True']);
      const carol = new FakeClient(server, 'carol');
      const result = await carol.resume();
      assert.equal(result?.state, 'done', result?.message);
      assert.deepEqual([server.enabled, server.before], [true, '']);
    });
  }

  it('a service that was stopped in order is started by the third client too, where the second one died before its first step', async () => {
    const { server, alice, bob } = dying('stop-service', () => undefined);
    await alice.plan('planned-change');
    for (let reading = 0; reading < 5 && server.state !== 'Stopped'; reading++) await new FakeClient(server, 'dora').look();
    assert.equal(server.state, 'Stopped');
    bob.hook = (name, when) => { if (name === 'begin-run' && when === 'after') { bob.dead = true; throw lost(); } };
    await bob.resume();
    const carol = new FakeClient(server, 'carol');
    const result = await carol.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.equal(server.state, 'Running');
  });

  it('a put-back before does not hide that the service was stopped in order', async () => {
    const server = new FakeServer(new FakeClock());
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient, FakeClient];
    alice.person.agrees = ({ step }): boolean => step !== 'set-service-password';
    alice.person.password = undefined;
    assert.equal((await alice.plan('planned-change'))?.state, 'cancelled');
    assert.equal(server.enabled, true);
    bob.hook = (name, when) => { if (name === 'stop-service' && when === 'after') { bob.dead = true; throw lost(); } };
    await bob.resume();
    for (let reading = 0; reading < 5 && server.pending !== undefined; reading++) await new FakeClient(server, 'dora').look();
    assert.deepEqual([server.state, server.enabled], ['Stopped', false]);
    const result = await carol.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual([server.state, server.enabled, server.before], ['Running', true, '']);
  });

  it('nor does a put-back that failed since the service stood still', async () => {
    const server = new FakeServer(new FakeClock());
    const [alice, bob] = ['alice', 'bob'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient];
    let failed = false;
    alice.hook = (name, when): void => {
      if (name !== 'stop-service' || when !== 'after' || failed) return;
      failed = true;
      throw new Error('The process on the server has ended.');
    };
    const result = await alice.plan('planned-change');
    assert.equal(result?.state, 'failed', result?.message);
    for (let reading = 0; reading < 5 && server.pending !== undefined; reading++) await new FakeClient(server, 'dora').look();
    assert.equal(server.state, 'Stopped');
    const next = await bob.resume();
    assert.equal(next?.state, 'done', next?.message);
    assert.deepEqual([server.state, server.enabled, server.before], ['Running', true, '']);
  });

  it('another plan in the middle of a run puts back what the first one had changed', async () => {
    const server = new FakeServer(new FakeClock());
    const alice = new FakeClient(server, 'alice');
    let lostKey = false;
    alice.hook = (name, when): void => {
      if (name !== 'stop-service' || when !== 'after' || lostKey) return;
      lostKey = true;
      server.loseKey();
    };
    const result = await alice.plan('planned-change');
    const bob = new FakeClient(server, 'bob');
    for (let round = 0; round < 4 && (!server.enabled || server.before !== ''); round++) if (await bob.resume() === undefined && await bob.plan(undefined, true) === undefined) break;
    assert.deepEqual([server.state, server.enabled, server.before, lostKey], ['Running', true, '', true], result?.message);
  });

  it('what pauses the scheduler after it was put back puts it back again', async () => {
    const server = new FakeServer(new FakeClock());
    const [alice, bob] = ['alice', 'bob'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient];
    for (const { person } of [alice, bob]) person.answers = { ...person.answers, 'staging-first': 'none' };
    alice.person.agrees = ({ step }): boolean => step !== 'abandon-key';
    const declined = await alice.plan('abandon-any-reason');
    assert.ok(declined !== undefined && declined.state !== 'done', declined?.message);
    assert.deepEqual([server.enabled, server.launches], [true, 0]);
    const result = await bob.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual([server.enabled, server.before, server.launches], [true, '', 1]);
  });

  it('a client whose machine slept says nothing more about a run that somebody else has brought to its end', async () => {
    const server = new FakeServer(new FakeClock());
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient, FakeClient];
    for (const { person } of [alice, bob]) person.answers = { ...person.answers, 'staging-first': 'none' };
    const usual = alice.person.confirm.bind(alice.person);
    let taken: Promise<RunResult | undefined> | undefined;
    alice.person.confirm = async (request): Promise<boolean> => {
      if (request.step === 'abandon-key') await (taken ??= bob.resume());
      return await usual(request);
    };
    const slept = await alice.plan('abandon-any-reason');
    const other = await taken;
    assert.equal(other?.state, 'done', other?.message);
    assert.notEqual(slept?.state, 'done');
    assert.deepEqual([server.launches, server.abandonedCount], [1, 1]);
    const { snapshot, unfinished } = await carol.look();
    assert.equal(unfinished, undefined);
    assert.deepEqual(runRecords(snapshot).map(({ state, holder }) => [state, holder]), [['done', 'bob on bob-laptop']]);
  });

  it('an older run about a key that somebody has abandoned since is settled, whoever looked at it before', async () => {
    const server = new FakeServer(new FakeClock());
    const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((who) => new FakeClient(server, who)) as [FakeClient, FakeClient, FakeClient];
    for (const { person } of [alice, bob, carol]) person.answers = { ...person.answers, 'staging-first': 'none' };
    alice.hook = (name, when): void => { if (name === 'back-up-database' && when === 'after') { alice.dead = true; throw lost(); } };
    await alice.plan('abandon-any-reason');
    const record = (await bob.look()).unfinished ?? assert.fail();
    const done = await carol.plan('abandon-any-reason', true);
    assert.equal(done?.state, 'done', done?.message);
    assert.equal((await bob.look()).unfinished, undefined);
    const late = await bob.start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id, true).result;
    assert.equal(late.state, 'refused');
    assert.match(late.message, /settled: carol/);
    assert.equal(server.abandonedCount, 1);
  });

  it('the scheduler does not stay off for as long as the repair is refused', async () => {
    const { server, alice, bob } = dying('pause-scheduler', () => undefined);
    await alice.plan('planned-change');
    server.databaseBytes = Math.round(9.9 * 2 ** 30);
    const result = await bob.resume();
    assert.notEqual(result, undefined);
    assert.deepEqual([server.state, server.enabled, server.before], ['Running', true, ''], `${result?.state}: ${result?.message}`);
  });

  it('another plan that is declined leaves the record as it was', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    const before = [...server.runRecords.values()].map(({ Plan, Steps, 'Step 01': first }) => [Plan, Steps, first]);
    server.scmPassword = server.accountPassword;
    server.loseKey();
    bob.person.agrees = ({ overrules }): boolean => overrules !== undefined;
    assert.equal((await bob.resume())?.state, 'cancelled');
    assert.deepEqual([...server.runRecords.values()].map(({ Plan, Steps, 'Step 01': first }) => [Plan, Steps, first]), before);
  });

  it('nothing is left to go on with once it is done, and the tree is told of it before', async () => {
    const { alice, bob } = dying('set-service-password', (server) => { server.wrongScmPassword(); });
    await alice.plan();
    const { unfinished } = await bob.look();
    assert.equal(unfinished?.plan, 'service-password');
    assert.equal(unfinished.holder, 'alice on alice-laptop');
    assert.equal(unfinished.state, 'running');
    assert.deepEqual(unfinished.steps.map((step) => step.state), ['running', 'pending', 'pending']);
    assert.equal((await bob.resume())?.state, 'done');
    assert.equal((await bob.look()).unfinished, undefined);
  });

  it('a password that proved wrong is not tried a second time: whoever goes on is asked for another', async () => {
    const { server, alice, bob } = dying('start-service', (one) => { one.wrongScmPassword(); });
    alice.person.password = 'typed-wrong';
    await alice.plan();
    assert.equal(server.startAttempts, 1);
    bob.person.password = undefined;
    const declined = await bob.resume();
    assert.equal(declined?.state, 'cancelled', declined?.message);
    assert.equal(server.startAttempts, 1);
    bob.person.password = 'new-Passw0rd';
    assert.equal((await bob.resume())?.state, 'done');
    assert.equal(server.startAttempts, 2);
  });

  it('an abandonment that runs on the server is waited for, and nothing is launched again', async () => {
    const { server, alice, bob } = dying('launch-abandon', (one) => { one.loseKey(); });
    server.taskReadings = 6;
    await alice.plan();
    const result = await bob.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual([server.launches, server.abandonedCount], [1, 1]);
    assert.ok(steps(result).includes('abandon-key: skipped'), steps(result).join(', '));
    assert.ok(server.connectors.every((one) => one.good) && server.enabled);
  });

  it('an abandonment without a known outcome stays open until a person decides, and what they decide is done', async () => {
    const { server, alice, bob } = dying('launch-abandon', (one) => { one.loseKey(); });
    server.taskEnds = 'dies';
    await alice.plan();
    bob.person.answers = { ...bob.person.answers, 'abandonment-outcome': 'leave' };
    for (let i = 0; i < 3; i++) assert.equal((await bob.resume())?.state, 'unknown');
    assert.equal(server.launches, 1);
    assert.equal((await bob.look()).findings.some((finding) => finding.id === 'cannot-tell'), true);
  });

  it('a key that was lost is not abandoned when the service runs again meanwhile', async () => {
    const { server, alice, bob } = dying('back-up-database', (one) => { one.loseKey(); });
    await alice.plan();
    server.key = 'readable';
    server.state = 'Running';
    server.exitCode = 0;
    server.specificCode = 0;
    server.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running']);
    const result = await bob.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual(steps(result), ['verify: done', 'restore-scheduler: skipped']);
    assert.equal(server.launches, 0);
  });

  it('a copy of the machine is refused: the run was not begun there', async () => {
    const { server, alice, bob } = dying('pause-scheduler', () => undefined);
    await alice.plan('planned-change');
    server.machineId = '00000000-1111-4222-8333-444455556666';
    const result = await bob.resume();
    assert.equal(result?.state, 'refused');
    assert.match(result.message, /copy of that machine/);
    assert.equal(server.enabled, false);
  });

  it('a run that somebody else brought to its end meanwhile is not done again', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    const carol = new FakeClient(server, 'carol');
    const record = (await carol.look()).unfinished ?? assert.fail();
    assert.equal((await bob.resume())?.state, 'done');
    const calls = server.calls.length;
    const late = await carol.start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id, true).result;
    assert.equal(late.state, 'refused');
    assert.match(late.message, /brought to its end meanwhile by bob/);
    assert.deepEqual(server.calls.slice(calls).filter((call) => !['snapshot', 'lock-write', 'lock-release'].includes(call)), []);
  });

  it('what was planted in the registry is left out, and no run is made up from it', async () => {
    const server = new FakeServer(new FakeClock());
    const now = new Date(server.clock.time).toISOString();
    server.runRecords.set('not-a-guid', { Started: now, Plan: 'full-abandonment', Steps: '1', 'Step 01': 'running|abandon-key|||' });
    server.runRecords.set('11111111-2222-4333-8444-555555555555', { Started: 'soon', Plan: 'full-abandonment', Steps: '1', 'Step 01': 'running|abandon-key|||' });
    server.runRecords.set('22222222-2222-4333-8444-555555555555', { Started: now, Plan: 'format-c', Title: 'x'.repeat(300), Steps: '999999999', 'Step 01': 'running|rm -rf|||', 'Step 02': 'sleeping|abandon-key|||' });
    const { snapshot } = await new FakeClient(server, 'alice').look();
    assert.deepEqual(runRecords(snapshot).map((record) => [record.id, record.plan, record.steps.length, record.title.length]), [['22222222-2222-4333-8444-555555555555', undefined, 0, 200]]);
    assert.equal(unfinishedRun(snapshot), undefined);
  });

  it('a run in which nothing was begun hides no older one; a plan that was done settles it', async () => {
    const { alice, bob } = dying('pause-scheduler', () => undefined);
    await alice.plan('planned-change');
    const first = (await bob.look()).unfinished?.id;
    bob.person.agrees = (request) => request.title.startsWith('Take');
    assert.equal((await bob.plan('planned-change', true))?.state, 'cancelled');
    assert.ok(first !== undefined);
    assert.equal((await bob.look()).unfinished?.id, first);
    bob.person.agrees = () => true;
    assert.equal((await bob.plan('planned-change', true))?.state, 'done');
    assert.equal((await bob.look()).unfinished, undefined);
  });
});

describe('a session that a client left on the server', () => {
  const session = '99999999-1111-4222-8333-444444444444';

  it('is waited for before anything else is done, and closed', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    for (const values of server.runRecords.values()) values['Session'] = session;
    const asked: string[] = [];
    let ended = false;
    let closed = false;
    bob.left = (id) => {
      asked.push(id);
      const result = (async (): Promise<PipelineResult> => {
        // Longer than a lease: the lock has to be kept meanwhile.
        for (let i = 0; i < 20; i++) await server.clock.delay(10_000);
        ended = true;
        return { state: 'completed', hadErrors: false, error: undefined, timings: { firstRecord: undefined, total: 0 } };
      })();
      const pipeline: Pipeline = { result, stop: () => Promise.resolve(), async *[Symbol.asyncIterator](): AsyncGenerator<StreamRecord> { await result; yield* []; } };
      const left = new FakeSession(() => Promise.resolve([]));
      left[Symbol.asyncDispose] = () => { closed = true; return Promise.resolve(); };
      return Promise.resolve({ session: left, pipelines: [pipeline] });
    };
    const early: string[] = [];
    bob.hook = (script) => { if (!ended && !['snapshot', 'lock-write', 'lock-take-over'].includes(script)) early.push(script); };
    const result = await bob.resume();
    assert.equal(result?.state, 'done', result?.message);
    assert.deepEqual([asked, early, closed], [[session], [], true]);
  });

  it('that cannot be taken up is told of, and the run goes on by what the server shows', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    for (const values of server.runRecords.values()) values['Session'] = session;
    bob.left = () => Promise.reject(new Error('another client is connected to the shell'));
    assert.equal((await bob.resume())?.state, 'done');
    assert.ok(bob.events.some((event) => event.kind === 'line' && event.tone === 'warn' && event.text.includes('another client is connected')));
  });
});

describe('taking a server over', () => {
  it('is asked for by the name that the server reports, and declining it changes nothing', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    const before = JSON.stringify([...server.locks]);
    bob.person.agrees = () => false;
    const result = await bob.resume();
    assert.equal(result?.state, 'refused');
    assert.match(result.message, /alice on alice-laptop/);
    assert.equal(bob.person.confirmed[0]?.typedName, 'SYNC1');
    assert.match(bob.person.confirmed[0].changes.join(' '), /last alive \d+ s ago/);
    assert.equal(JSON.stringify([...server.locks]), before);
  });

  it('without being asked for, the other is only told who holds it', async () => {
    const { alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    const record = (await bob.look()).unfinished ?? assert.fail();
    const result = await bob.start({ kind: 'resume', record, entry: crypto.randomUUID() }, record.id).result;
    assert.equal(result.state, 'refused');
    assert.match(result.message, /alice on alice-laptop/);
    assert.deepEqual(bob.person.confirmed, []);
  });

  it('a client that is still at work stops before its next action, and says to whom it lost the server', async () => {
    const server = new FakeServer(new FakeClock());
    server.wrongScmPassword();
    const alice = new FakeClient(server, 'alice');
    const bob = new FakeClient(server, 'bob');
    let repairing: Promise<RunResult | undefined> | undefined;
    alice.person.secret = async () => {
      // While alice types the password, bob takes the server over and repairs it.
      repairing = bob.resume();
      await repairing;
      return { kind: 'secure-string', reveal: () => 'too-late' };
    };
    const first = await alice.plan();
    const second = await repairing;
    assert.equal(second?.state, 'done', second?.message);
    assert.equal(first?.state, 'refused', first?.message);
    assert.match(first.message, /lost its lock/);
    assert.equal(server.scmPassword, 'new-Passw0rd');
    assert.equal(server.startAttempts, 1);
    assert.equal(server.locks.size, 0);
  });

  it('of two that take over at once, one gets the server', async () => {
    const { server, alice, bob } = dying('set-service-password', (one) => { one.wrongScmPassword(); });
    await alice.plan();
    const carol = new FakeClient(server, 'carol');
    const results = await Promise.all([bob.resume(), carol.resume()]);
    assert.deepEqual(results.map((result) => result?.state).sort(), ['done', 'refused'], results.map((result) => result?.message).join(' | '));
    assert.equal(server.startAttempts, 1);
  });
});
