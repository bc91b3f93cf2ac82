import assert from 'node:assert/strict';
import { planById, planFor } from '../../../src/connect/plans.ts';
import { Bench } from './harness.ts';

/** Runs one step and expects that it was refused before anything changed. */
async function refused(bench: Bench, step: Parameters<Bench['step']>[0], finding: string, words: RegExp, forbidden: string, target?: string): Promise<void> {
  const result = await bench.step(step, target);
  assert.equal(result.state, 'refused', result.message);
  assert.equal(result.refused?.finding, finding);
  assert.match(result.message, words);
  assert.ok(!bench.server.calls.includes(forbidden), `${forbidden} was called`);
}

describe('gates that nobody can click away', () => {
  it('a healthy server up to build 1.1.443.0 gets no new password', async () => {
    const bench = new Bench();
    bench.server.build = '1.1.443.0';
    await refused(bench, 'set-service-password', 'build-too-old', /Upgrade first/, 'set-service-password');
    const newer = new Bench();
    newer.server.build = '1.1.484.0';
    assert.equal((await newer.step('set-service-password')).state, 'done');
  });

  it('virtual and managed accounts have no password step', async () => {
    for (const account of ['NT SERVICE\\ADSync', 'CONTOSO\\ADSyncMSA_1$', 'LocalSystem']) {
      const bench = new Bench();
      bench.server.startName = account;
      bench.server.originalAccount = account;
      await refused(bench, 'set-service-password', 'cannot-tell', /account/, 'set-service-password');
    }
  });

  it('an account that is not the original one is not started', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.startName = 'CONTOSO\\somebody-else';
    await refused(bench, 'start-service', 'account-replaced', /account/i, 'start-service');
  });

  it('without a writable domain controller a domain account is not started', async () => {
    const bench = new Bench();
    bench.server.state = 'Stopped';
    bench.server.writableController = false;
    await refused(bench, 'start-service', 'key-unreadable-no-dc', /domain controller/, 'start-service');
  });

  it('a running synchronization keeps the service from being stopped', async () => {
    const bench = new Bench();
    bench.server.busyReadings = 1_000;
    await refused(bench, 'stop-service', 'cannot-tell', /synchronization is running/, 'stop-service');
    await refused(bench, 'restart-service', 'cannot-tell', /synchronization is running/, 'stop-service');
  });

  it('a nearly full database keeps the service from being stopped', async () => {
    const bench = new Bench();
    bench.server.databaseBytes = 10_600_000_000;
    await refused(bench, 'stop-service', 'database-nearly-full', /database/i, 'stop-service');
  });

  it('application authentication: the cmdlet that would roll it back is not called', async () => {
    const bench = new Bench();
    bench.server.applicationMode = true;
    await refused(bench, 'reinitialize-entra-account', 'application-auth', /roll it back/, 'reinitialize-entra-account');
  });

  it('the key is abandoned only while the diagnosis of the moment says that it is lost', async () => {
    const healthy = new Bench();
    await refused(healthy, 'abandon-key', 'healthy', /not abandoned/, 'launch-abandon');
    const stale = new Bench();
    stale.server.wrongScmPassword();
    await refused(stale, 'abandon-key', 'stale-scm-password', /./, 'launch-abandon');
  });

  it('a key that was made anew while the person was thinking is not abandoned', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.person.agrees = (request) => {
      if (request.step === 'abandon-key') bench.server.event('Application', 'key-new', 6227, 'ADSync');
      return true;
    };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'refused', result.message);
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('another machine that answers while the person was thinking is not touched', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.person.agrees = (request) => {
      if (request.step === 'abandon-key') bench.server.machineId = '00000000-9999-4999-8999-999999999999';
      return true;
    };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'refused');
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('a database on another server, one whose process is gone, and open programs keep the key', async () => {
    const remote = new Bench();
    remote.server.loseKey();
    remote.server.remoteSql = true;
    await refused(remote, 'abandon-key', 'cannot-tell', /SQL1/, 'launch-abandon');
    const gone = new Bench();
    gone.server.loseKey();
    gone.server.databaseAlive = false;
    await refused(gone, 'abandon-key', 'cannot-tell', /database process/, 'launch-abandon');
    const open = new Bench();
    open.server.loseKey();
    open.server.serviceManagerOpen = true;
    await refused(open, 'abandon-key', 'cannot-tell', /Synchronization Service Manager/, 'launch-abandon');
  });

  it('no administrator rights: nothing is tried', async () => {
    const bench = new Bench();
    bench.server.elevated = false;
    await refused(bench, 'stop-service', 'access-denied', /administrator rights/, 'stop-service');
  });

  it('another machine than the one pinned, and one that the servers file calls otherwise', async () => {
    const bench = new Bench();
    bench.pins.known.set('practice', { computerName: 'SYNC1', machineId: 'ffffffff-0000-4000-8000-000000000000' });
    await refused(bench, 'stop-service', 'cannot-tell', /another machine/, 'stop-service');
    const claimed = new Bench();
    claimed.server.claims = { computerName: 'SYNC2' };
    await refused(claimed, 'stop-service', 'cannot-tell', /SYNC2/, 'stop-service');
    assert.equal(claimed.pins.known.size, 0);
  });

  it('a plan that a gate forbids says so beforehand, and starting it all the same changes nothing', async () => {
    const bench = new Bench();
    const { snapshot, findings } = await bench.look();
    const plan = planById('full-abandonment', findings, snapshot);
    assert.equal(plan.refused?.finding, 'healthy');
    const result = await bench.start({ kind: 'plan', plan }).result;
    assert.equal(result.state, 'refused');
    assert.deepEqual(result.steps, []);
    assert.equal(planFor(findings, snapshot), undefined);
  });
});
