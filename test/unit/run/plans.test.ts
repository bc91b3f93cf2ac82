import assert from 'node:assert/strict';
import { planById } from '../../../src/connect/plans.ts';
import { Bench } from './harness.ts';

describe('plans, run from end to end against a server in memory', () => {
  it('service-password: new password, one start, verified, scheduler untouched', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual(bench.states(result), ['set-service-password: done', 'start-service: done', 'verify: done']);
    assert.equal(bench.server.state, 'Running');
    assert.equal(bench.server.startAttempts, 1);
    assert.equal(bench.server.scmPassword, 'new-Passw0rd');
    assert.equal(bench.server.baseline, bench.server.startName);
    assert.equal(bench.server.enabled, true);
    assert.equal(bench.server.locks.size, 0);
    assert.deepEqual(bench.person.asked, ['password-change-kind']);
  });

  it('service-password after a run that left the scheduler off: put back at the end', async () => {
    const bench = new Bench();
    bench.server.before = 'True';
    bench.server.enabled = false;
    bench.server.wrongScmPassword();
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual(bench.states(result), ['set-service-password: done', 'start-service: done', 'verify: done', 'restore-scheduler: done']);
    assert.deepEqual([bench.server.enabled, bench.server.before], [true, '']);
  });

  it('full-abandonment: in the order that works, every secret entered again, scheduler as before', async () => {
    const bench = new Bench();
    bench.server.connectors.push({ name: 'fabrikam.example', type: 'AD', good: true });
    bench.server.loseKey();
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual(bench.states(result), [
      'start-service: done', 'back-up-configuration: skipped', 'pause-scheduler: skipped', 'back-up-database: done', 'abandon-key: done', 'start-service: done', 'pause-scheduler: done',
      'enter-connector-password contoso.example: done', 'enter-connector-password fabrikam.example: done', 'reinitialize-entra-account: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done',
    ]);
    assert.equal(bench.server.abandonedCount, 1);
    assert.equal(bench.server.marker, undefined);
    assert.equal(bench.server.taskState, '');
    assert.equal(bench.server.enabled, true);
    assert.ok(bench.server.connectors.every((one) => one.good));
    const abandon = bench.person.confirmed.find((request) => request.step === 'abandon-key');
    assert.equal(abandon?.typedName, 'SYNC1');
    assert.ok(abandon.irreversible && abandon.changes.some((line) => line.includes('1.1.443.0 or older')));
  });

  it('a start that makes a new key turns the abandonment into credentials only', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.key = 'lost-recreates';
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.equal(result.plan, 'credentials-only');
    assert.equal(bench.server.abandonedCount, 0);
    assert.ok(result.steps.some((step) => step.id === 'abandon-key' && step.state === 'skipped'));
    assert.ok(bench.server.connectors.every((one) => one.good));
  });

  it('a key that can be read again at the retry ends the abandonment before it begins', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.key = 'readable';
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.abandonedCount, 0);
    assert.ok(bench.server.connectors.every((one) => one.good));
  });

  it('planned-change on a healthy server: backups, the password as a change, one restart, verified, scheduler as before', async () => {
    const bench = new Bench();
    bench.server.accountPassword = 'next-Passw0rd';
    bench.person.password = 'next-Passw0rd';
    const result = await bench.plan('planned-change');
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual(bench.states(result), [
      'back-up-configuration: done', 'pause-scheduler: done', 'back-up-database: done', 'set-service-password: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done',
    ]);
    assert.deepEqual(bench.person.asked, ['password-change-kind']);
    assert.equal(bench.server.startAttempts, 1);
    assert.equal(bench.server.enabled, true);
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('planned-change after which the key is lost goes on with the abandonment that the evidence calls for, confirmed anew', async () => {
    const bench = new Bench();
    bench.server.before_ = (script) => { if (script === 'set-service-password') bench.server.key = 'lost'; };
    const result = await bench.plan('planned-change');
    assert.equal(result.state, 'done', result.message);
    assert.equal(result.plan, 'full-abandonment');
    assert.equal(bench.server.abandonedCount, 1);
    assert.equal(bench.person.confirmed.filter((request) => request.step === undefined).length, 2, 'the new plan was confirmed as a whole, too');
    assert.equal(bench.server.enabled, true);
    assert.ok(bench.server.connectors.every((one) => one.good));
  });

  it('planned-change after which the service made a new key asks for the credentials only', async () => {
    const bench = new Bench();
    bench.server.before_ = (script) => { if (script === 'set-service-password') bench.server.key = 'lost-recreates'; };
    const result = await bench.plan('planned-change');
    assert.equal(result.state, 'done', result.message);
    assert.equal(result.plan, 'credentials-only');
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('planned-change with a password that is wrong: tried once, not asked for again, scheduler remembered for when the service runs', async () => {
    const bench = new Bench();
    bench.person.password = 'wrong-Passw0rd';
    const result = await bench.plan('planned-change');
    assert.equal(result.state, 'refused', result.message);
    assert.equal(bench.server.startAttempts, 1);
    assert.equal(bench.server.before, 'True');
    assert.match(result.message, /no longer has/);
  });

  it('planned-change that was a reset, or nobody knows: stops before the service gets anything', async () => {
    for (const answer of ['reset', 'unknown']) {
      const bench = new Bench();
      bench.person.answers = { 'password-change-kind': answer };
      bench.server.writableController = true;
      const result = await bench.plan('planned-change');
      assert.equal(result.state, 'cancelled', result.message);
      assert.match(result.message, /change it once more, as a change/i);
      assert.ok(!bench.server.calls.includes('set-service-password') && !bench.server.calls.includes('stop-service'));
      assert.equal(bench.server.enabled, true, 'the scheduler was put back');
    }
  });

  it('abandon-any-reason on a healthy server: staging first, a reason in writing, the whole list, then everything entered again', async () => {
    const bench = new Bench();
    bench.server.connectors.push({ name: 'fabrikam.example', type: 'AD', good: true });
    bench.person.answers = { 'staging-first': 'none' };
    const result = await bench.plan('abandon-any-reason');
    assert.equal(result.state, 'done', result.message);
    assert.deepEqual(bench.states(result), [
      'start-service: skipped', 'back-up-configuration: done', 'pause-scheduler: done', 'back-up-database: done', 'abandon-key: done', 'start-service: done', 'pause-scheduler: skipped',
      'enter-connector-password contoso.example: done', 'enter-connector-password fabrikam.example: done', 'reinitialize-entra-account: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done',
    ]);
    assert.deepEqual(bench.person.asked, ['staging-first', 'abandon-reason']);
    const abandon = bench.person.confirmed.find((request) => request.step === 'abandon-key');
    assert.ok(abandon?.irreversible === true && abandon.typedName === 'SYNC1');
    for (const name of ['contoso.example', 'fabrikam.example', 'contoso - AAD', 'stolen backup']) assert.ok(abandon.changes.some((line) => line.includes(name)), name);
    assert.ok(bench.journal.some((line) => line.includes('abandon-reason') && line.includes('stolen backup')));
    assert.equal(bench.server.abandonedCount, 1);
    assert.equal(bench.server.enabled, true);
  });

  it('abandon-any-reason without a reason, or with a staging server to promote first: nothing happens', async () => {
    for (const { reason, staging } of [{ reason: 'because', staging: 'none' }, { reason: undefined, staging: 'promoted' }, { reason: 'The key was copied.', staging: 'promote-first' }]) {
      const bench = new Bench();
      bench.person.answers = { 'staging-first': staging };
      bench.person.reason = reason;
      const result = await bench.plan('abandon-any-reason');
      assert.equal(result.state, 'cancelled', result.message);
      assert.ok(!bench.server.calls.includes('launch-abandon'));
      assert.equal(bench.server.enabled, true);
    }
  });

  it('abandon-any-reason holds every gate about harm', async () => {
    const harms: readonly ((bench: Bench) => void)[] = [
      (bench) => { bench.server.remoteSql = true; }, (bench) => { bench.server.databaseBytes = 10_300_000_000; }, (bench) => { bench.server.startName = 'CONTOSO\\other'; },
      (bench) => { bench.server.event('Application', 'key-new', 6227, 'ADSync'); bench.server.connectors[0]!.good = false; bench.server.runs.push({ connector: 'contoso.example', profile: 'Delta Import', result: 'no-start-credentials', history: 'x', start: new Date(bench.clock.time + 1).toISOString() }); },
      (bench) => { bench.server.elevated = false; },
      (bench) => { bench.server.wrongScmPassword(); },
      (bench) => { bench.server.proven = false; bench.server.loseKey(); },
    ];
    for (const harm of harms) {
      const bench = new Bench();
      harm(bench);
      bench.person.answers = { 'staging-first': 'none', 'password-change-kind': 'change' };
      const result = await bench.plan('abandon-any-reason');
      assert.notEqual(result.state, 'done', `${harm.toString()} ${result.message}`);
      assert.ok(!bench.server.calls.includes('launch-abandon'), harm.toString());
    }
  });

  it('abandon-any-reason on a server that signs in as an application leaves the application alone', async () => {
    const bench = new Bench();
    bench.server.applicationMode = true;
    bench.person.answers = { 'staging-first': 'none' };
    const result = await bench.plan('abandon-any-reason');
    assert.ok(!bench.server.calls.includes('reinitialize-entra-account'));
    assert.equal(result.steps.find((step) => step.id === 'reinitialize-entra-account')?.state, 'skipped', result.message);
    assert.equal(result.steps.find((step) => step.id === 'abandon-key')?.state, 'done');
  });

  it('connector-password: every connector that has a finding, one restart, and another fault is left to its own plan', async () => {
    const bench = new Bench();
    bench.server.connectors.push({ name: 'fabrikam.example', type: 'AD', good: false });
    for (const one of bench.server.connectors) one.good = false;
    await bench.step('verify');
    const result = await bench.recommended();
    assert.deepEqual(bench.states(result), ['pause-scheduler: done', 'enter-connector-password contoso.example: done', 'enter-connector-password fabrikam.example: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done'], result.message);
    const after = await bench.look();
    assert.deepEqual(after.findings.map((finding) => finding.id), ['entra-sign-in']);
    const second = await bench.recommended();
    assert.deepEqual(bench.states(second), ['pause-scheduler: done', 'reinitialize-entra-account: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done'], second.message);
    assert.deepEqual((await bench.look()).findings.map((finding) => finding.id), ['healthy']);
  });

  it('connector-password: a synchronization that ran when the plan began, and was waited for, keeps the service from nothing', async () => {
    const bench = new Bench();
    bench.server.connectors[0]!.good = false;
    await bench.step('verify');
    // It ends a moment after the scheduler is paused: what was read of it before is younger than ten seconds by then.
    bench.server.busyReadings = 3;
    const result = await bench.recommended();
    assert.deepEqual(bench.states(result), ['pause-scheduler: done', 'enter-connector-password contoso.example: done', 'restart-service: done', 'verify: done', 'restore-scheduler: done'], result.message);
  });

  it('connector-password by name, where no connector is meant: says that one has to be named', async () => {
    const bench = new Bench();
    bench.server.connectors.push({ name: 'fabrikam.example', type: 'AD', good: true });
    const { snapshot, findings } = await bench.look();
    assert.match(planById('connector-password', findings, snapshot).refused?.reason ?? '', /Name the connector/);
    assert.equal(planById('connector-password', findings, snapshot, 'fabrikam.example').steps[1]?.target, 'fabrikam.example');
  });

  it('the two other ways of entering an AD DS Connector password: chosen, confirmed, exported first, proven', async () => {
    for (const way of ['object-model', 'enterprise-admin'] as const) {
      const bench = new Bench();
      bench.adDs = way;
      bench.server.connectors[0]!.good = false;
      bench.person.waitFor = () => Promise.reject(new Error('nobody is asked to click'));
      const result = await bench.step('enter-connector-password', 'contoso.example');
      assert.equal(result.state, 'done', result.message);
      assert.ok(bench.server.connectors[0]!.good);
      const asked = bench.person.confirmed.find((request) => request.step === 'enter-connector-password');
      assert.match([asked?.title, ...(asked?.changes ?? [])].join(' '), way === 'object-model' ? /Unsupported.*exported first/ : /permissions.*have to be set again/);
      assert.equal(bench.server.calls.includes('back-up-configuration'), way === 'object-model');
      assert.ok(!bench.server.seenText.some((text) => text.includes('Passw0rd')));
    }
    const wrong = new Bench();
    wrong.adDs = 'object-model';
    wrong.person.password = 'not-the-password';
    wrong.server.connectors[0]!.good = false;
    const result = await wrong.step('enter-connector-password', 'contoso.example');
    assert.equal(result.state, 'failed');
    assert.match(result.message, /does not sign in/);
  });

  it('waiting until the tenant accepts a new password is told, and can be cancelled', async () => {
    const bench = new Bench();
    bench.server.entraAccepts = false;
    let told = '';
    bench.onEvent = (event) => {
      if (event.kind === 'progress' && event.step === 'reinitialize-entra-account') {
        told = event.text;
        assert.ok(event.cancellable);
      }
    };
    const begun = bench.clock.time;
    const result = await bench.step('reinitialize-entra-account');
    assert.equal(result.state, 'failed');
    assert.match(told, /minute \d+ of up to 30/);
    assert.ok(bench.clock.time - begun >= 30 * 60_000);
    const cancelled = new Bench();
    cancelled.server.entraAccepts = false;
    const run = cancelled.start({ kind: 'step', step: 'reinitialize-entra-account', target: undefined });
    cancelled.onEvent = (event) => { if (event.kind === 'progress' && event.step === 'reinitialize-entra-account') run.cancel(); };
    assert.equal((await run.result).state, 'cancelled');
  });

  it('a plan that is a person\'s work only says what to do, line by line', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.writableController = false;
    const { snapshot, findings } = await bench.look();
    const plan = planById('manual', findings, snapshot);
    assert.equal(plan.refused?.finding, 'key-unreadable-no-dc');
    assert.ok(plan.instructions.length > 3 && plan.instructions.some((line) => line.includes('nltest /dsgetdc:contoso /writable')), plan.instructions.join('\n'));
  });
});
