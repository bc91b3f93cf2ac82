import assert from 'node:assert/strict';
import type { PlanId, StepId } from '../../../src/connect/ids.ts';
import { planIds, stepIds } from '../../../src/connect/ids.ts';
import { planById, planFor } from '../../../src/connect/plans.ts';
import { ScriptError } from './fake-session.ts';
import { Bench } from './harness.ts';

/** Somebody who wants it done: every plan and every step is tried, confirmed, and answered as suits it best. */
async function everything(make: () => Bench, look: (bench: Bench, tried: string) => void): Promise<void> {
  const answers = { 'password-change-kind': 'change', 'old-password-known': 'gone', 'retried-with-controller': 'failed-again', 'staging-first': 'none', 'database-not-backed-up': 'have-backup', 'abandonment-outcome': 'leave' };
  for (const plan of planIds) {
    const bench = make();
    bench.person.answers = answers;
    await bench.plan(plan);
    look(bench, `the plan ${plan}`);
  }
  for (const step of stepIds) {
    const bench = make();
    bench.person.answers = answers;
    await bench.step(step, step === 'enter-connector-password' ? 'contoso.example' : undefined);
    look(bench, `the step ${step}`);
  }
}

/** Diagnoses and runs the first plan until nothing changes, as an engineer in a hurry would. */
async function untilNothingChanges(bench: Bench): Promise<void> {
  let last = '';
  for (let round = 0; round < 5; round++) {
    const { snapshot, findings } = await bench.look();
    const plan = planFor(findings, snapshot);
    const ids = findings.map((finding) => finding.id).join();
    if (plan === undefined || ids === last) return;
    last = ids;
    await bench.start({ kind: 'plan', plan }).result;
  }
}

describe('what must never happen, tried', () => {
  it('a wrong password is tried once, whatever is run again by itself, and no account is locked', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.lockoutAfter = 2;
    bench.person.password = 'also-wrong';
    await untilNothingChanges(bench);
    assert.equal(bench.server.startAttempts, 1);
    assert.equal(bench.server.failedLogons, 1);
    assert.equal(bench.server.logonCode, 0, 'the account is not locked');
  });

  it('a server whose database is at 9.8 GB is never stopped', async () => {
    await everything(() => {
      const bench = new Bench();
      bench.server.databaseBytes = Math.round(9.8 * 1024 ** 3);
      bench.server.connectors[0]!.good = false;
      return bench;
    }, (bench, tried) => {
      assert.equal(bench.server.stops, 0, tried);
      assert.equal(bench.server.abandonedCount, 0, tried);
      assert.equal(bench.server.state, 'Running', tried);
    });
  });

  it('a database that grows to 9.8 GB between the confirmation and the stop is not stopped either', async () => {
    for (const step of ['stop-service', 'restart-service'] as const) {
      const bench = new Bench();
      bench.server.before_ = (script) => { if (script === 'stop-service') bench.server.databaseBytes = Math.round(9.8 * 1024 ** 3); };
      const result = await bench.step(step);
      assert.equal(result.refused?.finding, 'database-nearly-full', result.message);
      assert.equal(bench.server.stops, 0);
    }
  });

  it('a healthy build up to 1.1.443.0 gets no new password, and no plan is offered for it', async () => {
    for (const build of ['1.1.105.0', '1.1.443.0']) {
      const old = (): Bench => {
        const bench = new Bench();
        bench.server.build = build;
        bench.person.password = 'next-Passw0rd';
        return bench;
      };
      const bench = old();
      const { snapshot, findings } = await bench.look();
      assert.deepEqual(findings.map((finding) => finding.id), ['build-too-old', 'healthy']);
      assert.equal(planFor(findings, snapshot), undefined);
      for (const plan of ['service-password', 'planned-change', 'full-abandonment'] as const) assert.ok(planById(plan, findings, snapshot).refused !== undefined, plan);
      await everything(old, (one, tried) => { assert.equal(one.server.scmPassword, 'new-Passw0rd', tried); });
    }
  });

  it('an application-authentication server never gets the cmdlet that rolls it back, whatever is run', async () => {
    for (const key of ['readable', 'lost-recreates', 'lost'] as const) {
      await everything(() => {
        const bench = new Bench();
        bench.server.applicationMode = true;
        bench.server.key = key;
        if (key !== 'readable') bench.server.startedElsewhere();
        return bench;
      }, (bench, tried) => { assert.ok(!bench.server.calls.includes('reinitialize-entra-account'), `${tried} with a key that is ${key}`); });
    }
    const meanwhile = new Bench();
    meanwhile.server.before_ = (script) => { if (script === 'reinitialize-entra-account') meanwhile.server.applicationMode = true; };
    meanwhile.server.connectors[1]!.good = false;
    const result = await meanwhile.step('reinitialize-entra-account');
    assert.equal(result.refused?.finding, 'application-auth', result.message);
    assert.equal(meanwhile.server.connectors[1]!.good, false, 'the cmdlet was not reached');
  });

  it('Application events alone abandon nothing: running, stopped in order, or crashed', async () => {
    const forged = (bench: Bench): void => {
      for (const id of [6203, 6206, 6207, 6208, 6028]) bench.server.event('Application', 'key', id, 'ADSync');
      bench.server.event('Application', 'abandonment', 1, 'MIISKMU');
    };
    const states: readonly ((bench: Bench) => void)[] = [
      () => undefined, (bench) => { bench.server.state = 'Stopped'; }, (bench) => { bench.server.state = 'Stopped'; bench.server.exitCode = 1077; },
      (bench) => { bench.server.state = 'Stopped'; bench.server.exitCode = 1067; bench.server.event('System', 'scm', 7034, 'Service Control Manager', ['Microsoft Entra ID Sync', '1']); },
    ];
    for (const state of states) {
      const plans: PlanId[] = ['full-abandonment', 'service-password', 'credentials-only', 'manual'];
      for (const plan of plans) {
        const bench = new Bench();
        state(bench);
        forged(bench);
        await bench.plan(plan);
        assert.equal(bench.server.abandonedCount, 0, plan);
      }
      const bench = new Bench();
      state(bench);
      forged(bench);
      await bench.step('abandon-key');
      await untilNothingChanges(bench);
      assert.equal(bench.server.abandonedCount, 0);
    }
  });

  it('a machine id that changes at any moment of a run: nothing acts on the other machine', async () => {
    const acting = new Set(['set-service-password', 'start-service', 'stop-service', 'pause-scheduler', 'restore-scheduler', 'back-up-configuration', 'back-up-database', 'launch-abandon', 'start-cycle', 'reinitialize-entra-account']);
    const whole = new Bench();
    whole.server.loseKey();
    await whole.recommended();
    for (let at = 0; at < whole.server.calls.length; at++) {
      const bench = new Bench();
      bench.server.loseKey();
      bench.pins.known.set('practice', { computerName: 'SYNC1', machineId: bench.server.machineId });
      let changed = false;
      let count = 0;
      const acted: string[] = [];
      bench.server.before_ = () => { if (count++ === at) { bench.server.machineId = '00000000-9999-4999-8999-999999999999'; changed = true; } };
      bench.server.after = (script) => { if (changed && acting.has(script)) acted.push(script); };
      await bench.recommended();
      assert.deepEqual(acted, [], `the machine changed before call ${at} (${whole.server.calls[at] ?? ''})`);
    }
  });

  it('a script that the server\'s malware protection blocks is sent once, and the run ends there and says why', async () => {
    for (const blocked of ['stop-service', 'start-service', 'set-service-password', 'launch-abandon']) {
      const bench = new Bench();
      if (blocked === 'launch-abandon') bench.server.loseKey();
      else if (blocked !== 'stop-service') bench.server.wrongScmPassword();
      let sent = 0;
      bench.server.before_ = (script) => {
        if (script !== blocked) return;
        sent++;
        throw new ScriptError('This script contains malicious content and has been blocked by your antivirus software.', 'ScriptContainedMaliciousContent,Microsoft.PowerShell.Commands.InvokeExpressionCommand');
      };
      const result = blocked === 'stop-service' ? await bench.step('stop-service') : await bench.recommended();
      assert.equal(sent, 1, `${blocked}: ${result.message}`);
      assert.notEqual(result.state, 'done');
      assert.match(result.message, /malware protection blocked .* not tried again and not disguised/);
      assert.equal(bench.server.abandonedCount, 0);
    }
  });

  it('an unreadable key with no writable domain controller waits: nothing starts the service, and then nothing is lost', async () => {
    const make = (): Bench => {
      const bench = new Bench();
      bench.server.key = 'unreadable';
      bench.server.wrongScmPassword();
      bench.server.scmPassword = bench.server.accountPassword;
      bench.server.exitCode = 0;
      bench.server.writableController = false;
      return bench;
    };
    await everything(make, (bench, tried) => {
      assert.equal(bench.server.startAttempts, 0, tried);
      assert.equal(bench.server.secretsDropped, 0, tried);
    });
    const late = make();
    late.server.writableController = true;
    late.server.before_ = (script) => { if (script === 'start-service') late.server.writableController = false; };
    const result = await late.step('start-service');
    assert.equal(result.refused?.finding, 'key-unreadable-no-dc', result.message);
    assert.equal(late.server.startAttempts, 0, 'the server itself looked once more');
    late.server.before_ = () => undefined;
    late.server.writableController = true;
    assert.equal((await late.step('start-service')).state, 'done');
    assert.ok(late.server.connectors.every((one) => one.good));
  });
});

describe('a gate that becomes true between confirmation and action stops the step', () => {
  const turns: Readonly<Record<string, (bench: Bench) => void>> = {
    'a synchronization begins': (bench) => { bench.server.busyReadings = 50; },
    'somebody opens Synchronization Service Manager': (bench) => { bench.server.serviceManagerOpen = true; },
    'somebody opens the wizard': (bench) => { bench.server.wizardOpen = true; },
    'the Log On account is replaced': (bench) => { bench.server.startName = 'CONTOSO\\other'; },
    'the service is disabled': (bench) => { bench.server.startMode = 'Disabled'; },
    'another build is installed': (bench) => { bench.server.build = '2.6.84.0'; },
    'the domain controllers go': (bench) => { bench.server.writableController = false; },
    'another run takes the lock': (bench) => { bench.server.locks.clear(); },
    'somebody takes the lock over': (bench) => { for (const entry of bench.server.locks.values()) entry['takenBy'] = 'somebody'; },
    'the lease runs out': (bench) => { for (const entry of bench.server.locks.values()) entry['heartbeat'] = '2026-10-01T00:00:00.000Z'; },
    'nobody can tell whether a controller answers': (bench) => { bench.server.controllerUnknown = true; },
    'somebody runs miiskmu.exe': (bench) => { bench.server.utilityAlive = true; },
    'another machine answers': (bench) => { bench.server.computerName = 'SYNC2'; },
  };
  const cases: readonly { readonly step: StepId; readonly script: string; readonly turns: readonly string[]; readonly prepare?: (bench: Bench) => void }[] = [
    { step: 'stop-service', script: 'stop-service', turns: ['a synchronization begins', 'somebody opens Synchronization Service Manager', 'somebody opens the wizard', 'another run takes the lock', 'another machine answers'] },
    { step: 'restart-service', script: 'stop-service', turns: Object.keys(turns) },
    { step: 'start-service', script: 'start-service', prepare: (bench) => { bench.server.state = 'Stopped'; }, turns: ['the Log On account is replaced', 'the service is disabled', 'another build is installed', 'the domain controllers go', 'nobody can tell whether a controller answers', 'somebody runs miiskmu.exe', 'another run takes the lock', 'somebody takes the lock over', 'the lease runs out', 'another machine answers'] },
    { step: 'set-service-password', script: 'set-service-password', turns: ['the Log On account is replaced', 'another build is installed', 'another run takes the lock', 'another machine answers'] },
    { step: 'abandon-key', script: 'launch-abandon', prepare: (bench) => { bench.server.loseKey(); }, turns: ['somebody opens Synchronization Service Manager', 'somebody opens the wizard', 'the Log On account is replaced', 'another build is installed', 'the domain controllers go', 'nobody can tell whether a controller answers', 'somebody runs miiskmu.exe', 'another run takes the lock', 'somebody takes the lock over', 'the lease runs out', 'another machine answers'] },
    { step: 'reinitialize-entra-account', script: 'reinitialize-entra-account', turns: ['somebody opens the wizard', 'another run takes the lock', 'another machine answers'] },
    { step: 'pause-scheduler', script: 'pause-scheduler', turns: ['another run takes the lock', 'another machine answers'] },
    { step: 'verify', script: 'start-cycle', turns: ['another run takes the lock', 'the lease runs out', 'another machine answers'] },
  ];
  for (const { step, script, turns: names, prepare } of cases) {
    for (const name of names) {
      it(`${step}: ${name}`, async () => {
        const bench = new Bench();
        bench.person.answers = { 'password-change-kind': 'change', 'old-password-known': 'gone', 'retried-with-controller': 'failed-again' };
        prepare?.(bench);
        const before = JSON.stringify([bench.server.scmPassword, bench.server.abandonedCount, bench.server.stops, bench.server.startAttempts, bench.server.cycles]);
        let reached = false;
        bench.server.before_ = (called) => { if (called === script && !reached) { reached = true; turns[name]?.(bench); } };
        const result = await bench.step(step);
        assert.ok(reached, `${script} was never reached: ${result.message}`);
        assert.equal(result.state, 'refused', result.message);
        assert.match(result.message, /at the moment of acting/);
        assert.equal(JSON.stringify([bench.server.scmPassword, bench.server.abandonedCount, bench.server.stops, bench.server.startAttempts, bench.server.cycles]), before);
        assert.ok(bench.journal.some((line) => line.includes('refused on the server')));
      });
    }
  }

  it('a newer 6227 or 6603 at the launch of the abandonment', async () => {
    for (const id of [6201, 6227, 6231, 6603]) {
      const bench = new Bench();
      bench.server.loseKey();
      bench.server.before_ = (called) => { if (called === 'launch-abandon') bench.server.event('Application', id === 6603 ? 'secrets' : 'key-new', id, 'ADSync', ['contoso.example']); };
      const result = await bench.step('abandon-key');
      assert.equal(result.refused?.finding, 'key-recreated', result.message);
      assert.equal(bench.server.marker, undefined);
    }
  });
});

describe('gates that a person may overrule', () => {
  const unproven = (): Bench => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.proven = false;
    return bench;
  };

  it('an account that nothing proves: by typing the name that the server reports, journaled, once a run', async () => {
    const bench = unproven();
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    const asked = bench.person.confirmed.filter((request) => request.action === 'Go on all the same');
    assert.deepEqual(asked.map((request) => request.typedName), ['SYNC1']);
    assert.match(asked[0]?.changes[0] ?? '', /not proven that CONTOSO.svc-adsync is the account/);
    assert.equal(bench.journal.filter((line) => line.includes('overruled')).length, 1);
  });

  it('declined, it is a refusal, and nothing was changed', async () => {
    const bench = unproven();
    bench.person.agrees = (request) => request.action !== 'Go on all the same';
    const result = await bench.recommended();
    assert.equal(result.state, 'refused');
    assert.equal(result.refused?.finding, 'cannot-tell');
    assert.equal(bench.server.scmPassword, 'old-Passw0rd');
    assert.equal(bench.server.startAttempts, 0);
  });

  it('a restored database: abandoned for any reason only where a person rules the restore path out', async () => {
    for (const agrees of [true, false]) {
      const bench = new Bench();
      bench.server.database = 'restored';
      bench.server.startedElsewhere();
      bench.person.answers = { 'staging-first': 'none', 'password-change-kind': 'change', 'old-password-known': 'gone', 'retried-with-controller': 'failed-again' };
      bench.person.agrees = (request) => agrees || request.action !== 'Go on all the same';
      bench.server.after = (script) => { if (script === 'read-abandon' && bench.server.abandonedCount > 0) bench.server.database = 'healthy'; };
      assert.equal((await bench.plan('full-abandonment')).state, 'refused');
      const result = await bench.plan('abandon-any-reason');
      assert.equal(bench.server.abandonedCount, agrees ? 1 : 0, result.message);
      if (!agrees) assert.equal(result.refused?.finding, 'database-restored');
    }
  });
});
