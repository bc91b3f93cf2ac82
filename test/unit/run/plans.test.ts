import assert from 'node:assert/strict';
import { planById } from '../../../src/connect/plans.ts';
import { Bench } from './harness.ts';

describe('plans that are not offered yet', () => {
  it('abandon-any-reason is refused on a healthy server, and nothing is asked or changed', async () => {
    const bench = new Bench();
    const { snapshot, findings } = await bench.look();
    const plan = planById('abandon-any-reason', findings, snapshot);
    assert.match(plan.refused?.reason ?? '', /written reason/);
    const result = await bench.start({ kind: 'plan', plan }).result;
    assert.equal(result.state, 'refused');
    assert.deepEqual(result.steps, []);
    assert.deepEqual(bench.person.asked, []);
  });
});

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
});
