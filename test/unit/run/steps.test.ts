import assert from 'node:assert/strict';
import { stepIds } from '../../../src/connect/ids.ts';
import { steps } from '../../../src/connect/steps/registry.ts';
import { Bench } from './harness.ts';

describe('the steps', () => {
  it('the registry holds each of the twelve once, each with what a person has to know', () => {
    assert.deepEqual([...steps.map((step) => step.id)].sort(), [...stepIds].sort());
    for (const step of steps) {
      for (const text of [step.title, step.summary, step.duration, step.ifStoppedHere]) assert.ok(text.length > 6, step.id);
    }
    assert.deepEqual(steps.filter((step) => step.danger === 'irreversible').map((step) => step.id), ['abandon-key']);
    assert.deepEqual(steps.filter((step) => step.launch === 'detached').map((step) => step.id), ['abandon-key']);
  });

  it('a step whose postcondition holds is skipped and says so', async () => {
    const bench = new Bench();
    assert.match((await bench.step('start-service')).steps[0]?.detail ?? '', /runs already/);
    await bench.step('stop-service');
    const stopped = await bench.step('stop-service');
    assert.equal(stopped.steps[0]?.state, 'skipped');
    const paused = new Bench();
    await paused.step('pause-scheduler');
    assert.equal((await paused.step('pause-scheduler')).steps[0]?.state, 'skipped');
    assert.equal((await new Bench().step('restore-scheduler')).steps[0]?.state, 'skipped');
  });

  it('a password is never skipped as already set', async () => {
    const bench = new Bench();
    assert.equal((await bench.step('set-service-password')).steps[0]?.state, 'done');
    assert.equal((await bench.step('set-service-password')).steps[0]?.state, 'done');
  });

  it('an account that changes meanwhile gets no password', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.before_ = (script) => { if (script === 'set-service-password') bench.server.startName = 'CONTOSO\\other'; };
    const result = await bench.step('set-service-password');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /runs as CONTOSO.other now/);
    assert.equal(bench.server.scmPassword, 'old-Passw0rd');
  });

  it('a failed start is told with what it means, and is not tried again', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    const result = await bench.step('start-service');
    assert.equal(result.state, 'failed');
    assert.match(result.message, /not tried again/);
    assert.equal(bench.server.startAttempts, 1);
  });

  it('reset, local account, old password known: stops before anything and says what to do', async () => {
    const bench = new Bench();
    bench.server.startName = '.\\AAD_1';
    bench.server.originalAccount = '.\\AAD_1';
    bench.server.wrongScmPassword();
    bench.person.answers = { 'password-change-kind': 'reset', 'old-password-known': 'known' };
    const result = await bench.step('set-service-password');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /old password/);
    assert.ok(!bench.server.calls.includes('set-service-password'));
  });

  it('the old password known or uncertain: the key is not abandoned', async () => {
    for (const answer of ['known', 'unknown']) {
      const bench = new Bench();
      bench.server.loseKey();
      bench.person.answers = { 'old-password-known': answer, 'retried-with-controller': 'failed-again' };
      const result = await bench.step('abandon-key');
      assert.equal(result.state, 'refused');
      assert.ok(!bench.server.calls.includes('launch-abandon'));
    }
  });

  it('pausing waits for the running synchronization', async () => {
    const bench = new Bench();
    bench.server.busyReadings = 6;
    const result = await bench.step('pause-scheduler');
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.before, 'True');
    assert.equal(bench.server.enabled, false);
    assert.ok(bench.events.some((event) => event.kind === 'progress' && event.text.startsWith('Waiting for the running synchronization')));
  });

  it('the first writer of how the scheduler was wins, across runs', async () => {
    const bench = new Bench();
    await bench.step('pause-scheduler');
    bench.server.enabled = true;
    await bench.step('pause-scheduler');
    assert.equal(bench.server.before, 'True');
    await bench.step('restore-scheduler');
    assert.equal(bench.server.enabled, true);
    assert.equal(bench.server.before, '');
  });

  it('a scheduler that somebody turned on since it was remembered as off stays on', async () => {
    const bench = new Bench();
    bench.server.before = 'False';
    bench.server.enabled = true;
    const result = await bench.step('restore-scheduler');
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual([bench.server.enabled, bench.server.before], [true, '']);
    bench.server.before = 'False';
    await bench.step('pause-scheduler');
    assert.deepEqual([bench.server.enabled, bench.server.before], [false, 'True']);
    await bench.step('restore-scheduler');
    assert.equal(bench.server.enabled, true);
  });

  it('backup: sqlcmd, else a copy once the process is gone, else a person has one or it stops', async () => {
    const copied = new Bench();
    copied.server.state = 'Stopped';
    copied.server.databaseAlive = false;
    assert.equal((await copied.step('back-up-database')).state, 'done');
    assert.ok(copied.server.calls.includes('copy-database') && !copied.server.calls.includes('back-up-database'));
    const none = new Bench();
    none.server.sqlcmd = 'absent';
    const stopped = await none.step('back-up-database');
    assert.equal(stopped.state, 'cancelled');
    assert.deepEqual(none.person.asked, ['database-not-backed-up']);
    none.person.answers = { 'database-not-backed-up': 'have-backup' };
    assert.equal((await none.step('back-up-database')).state, 'done');
  });

  it('the file copy checks again as it acts: what held when SQL was asked may not hold half an hour later', async () => {
    const bench = new Bench();
    bench.server.state = 'Stopped';
    bench.server.databaseAlive = false;
    bench.server.before_ = (script) => { if (script === 'copy-database') bench.server.machineId = '00000000-0000-4000-8000-000000000000'; };
    const result = await bench.step('back-up-database');
    assert.equal(result.state, 'refused', result.message);
    assert.match(result.message, /the server's own check at the moment of acting stopped it/);
    assert.ok(bench.server.guards.some((guard) => guard.startsWith('copy-database: ')));
  });

  it('a folder that somebody else planted is refused', async () => {
    const bench = new Bench();
    bench.server.folderRefused = true;
    const result = await bench.step('back-up-database');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /mallory/);
    assert.ok(!bench.server.calls.includes('back-up-database'));
  });

  it('a connector\'s password: seen by itself while the person is still clicking', async () => {
    const bench = new Bench();
    bench.server.connectors[0]!.good = false;
    let told: AbortSignal | undefined;
    bench.person.waitFor = (task, signal?: AbortSignal) => {
      told = signal;
      setImmediate(() => { bench.server.enterPassword(task.target ?? ''); });
      return new Promise((resolve) => { signal?.addEventListener('abort', () => { resolve('give-up'); }); });
    };
    const result = await bench.step('enter-connector-password', 'contoso.example');
    assert.equal(result.state, 'done', result.message);
    assert.equal(told?.aborted, true);
    assert.ok(bench.events.some((event) => event.kind === 'step' && event.state === 'waiting-for-person'));
  });

  it('a connector\'s password that does not sign in is not taken for done', async () => {
    const bench = new Bench();
    let tries = 0;
    bench.person.works = (connector) => { bench.server.enterPassword(connector, ++tries > 1); };
    bench.server.connectors[0]!.good = false;
    const result = await bench.step('enter-connector-password', 'contoso.example');
    assert.equal(result.state, 'done', result.message);
    assert.equal(tries, 2);
    assert.ok(bench.events.some((event) => event.kind === 'line' && event.text.includes('does not sign in')));
  });

  it('a password of another connector proves nothing; giving up is an answer', async () => {
    const bench = new Bench();
    bench.server.connectors.push({ name: 'contoso.example.org', type: 'AD', good: false });
    bench.server.connectors[0]!.good = false;
    let asked = 0;
    bench.person.waitFor = () => {
      if (++asked > 2) return Promise.resolve('give-up');
      bench.server.enterPassword('contoso.example.org');
      return Promise.resolve('check');
    };
    const result = await bench.step('enter-connector-password', 'contoso.example');
    assert.equal(result.state, 'cancelled');
    assert.match(result.message, /not entered/);
    assert.ok(!bench.events.some((event) => event.kind === 'line' && event.text.includes('It was entered')));
  });

  it('no connector of that name', async () => {
    const result = await new Bench().step('enter-connector-password', 'nowhere.example');
    assert.equal(result.state, 'failed');
    assert.match(result.message, /contoso\.example/);
  });

  it('verify fails when a run of the cycle does', async () => {
    const bench = new Bench();
    bench.server.connectors[0]!.good = false;
    const result = await bench.step('verify');
    assert.equal(result.state, 'failed');
    assert.match(result.message, /no-start-credentials/);
    assert.equal(bench.server.baseline, undefined);
  });
});
