import assert from 'node:assert/strict';
import { checksAgain } from '../../../src/connect/gates.ts';
import { Bench } from './harness.ts';
import { ScriptError } from './fake-session.ts';

const security = 'Microsoft-Windows-Security-Auditing';
const reset = (bench: Bench, id = 4724): void => { bench.server.event('Security', 'account', id, security, [bench.server.startName.split('\\')[1] ?? '', 'SYNC1']); };

/** A local account, whose key a reset makes unreadable for good. */
function local(): Bench {
  const bench = new Bench();
  bench.server.startName = 'SYNC1\\aad_sync';
  bench.server.originalAccount = 'SYNC1\\aad_sync';
  return bench;
}

describe('what the server\'s own log says of the password', () => {
  it('a planned change that was a reset stops before the service gets anything', async () => {
    const bench = local();
    bench.server.before_ = (script, count): void => { if (script === 'back-up-database' && count === 1) reset(bench); };
    const result = await bench.plan('planned-change');
    assert.equal(result.state, 'cancelled', result.message);
    assert.match(result.message, /event 4724 .* is a reset/);
    assert.ok(!bench.server.calls.includes('set-service-password'));
    assert.equal(bench.server.stops, 0);
  });

  it('a reset that a change has followed is none any more, nor one that a start has followed', async () => {
    const changed = local();
    changed.server.before_ = (script, count): void => { if (script === 'back-up-database' && count === 1) { reset(changed); reset(changed, 4723); } };
    assert.equal((await changed.plan('planned-change')).state, 'done');
    const started = local();
    reset(started);
    started.server.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running'], 1);
    assert.equal((await started.plan('planned-change')).state, 'done');
  });

  it('"changed" is not believed against a reset: the old password of a local account is asked for', async () => {
    const bench = local();
    bench.server.wrongScmPassword();
    reset(bench);
    bench.person.answers = { ...bench.person.answers, 'old-password-known': 'unknown' };
    const result = await bench.recommended();
    assert.equal(result.state, 'refused', result.message);
    assert.equal(bench.server.startAttempts, 0);
  });

  it('a restart after a reset is asked for with the server\'s name, and by the old password', async () => {
    const bench = local();
    reset(bench);
    bench.person.answers = { ...bench.person.answers, 'password-change-kind': 'reset', 'old-password-known': 'known' };
    assert.equal((await bench.step('restart-service')).state, 'refused');
    assert.equal(bench.server.stops, 0);
    bench.person.answers = { ...bench.person.answers, 'old-password-known': 'gone' };
    await bench.step('restart-service');
    assert.ok(bench.person.confirmed.some(({ step, irreversible, typedName }) => step === 'restart-service' && irreversible && typedName === 'SYNC1'));
  });

  it('of a service that runs it is asked as well before its password is replaced', async () => {
    const bench = local();
    bench.person.answers = { ...bench.person.answers, 'password-change-kind': 'reset', 'old-password-known': 'known' };
    assert.equal((await bench.step('set-service-password')).state, 'refused');
    assert.ok(!bench.server.calls.includes('set-service-password'));
  });

  it('the old password that was set again is an answer, and the service is started', async () => {
    const bench = local();
    bench.server.wrongScmPassword();
    reset(bench);
    bench.person.answers = { ...bench.person.answers, 'password-change-kind': 'restored' };
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.ok(!bench.person.asked.includes('old-password-known'));
  });
});

describe('what looks like a lost key and need not be one', () => {
  for (const id of [6322, 6075]) {
    it(`event ${id} beside the failed start`, async () => {
      const bench = new Bench();
      bench.server.loseKey();
      bench.server.event('Application', 'database', id, 'ADSync');
      assert.notEqual((await bench.look()).findings[0]?.id, 'key-lost');
    });
  }

  it('but not a connection that was lost for a moment weeks before', async () => {
    const bench = new Bench();
    bench.server.event('System', 'states', 7036, 'Service Control Manager', ['Microsoft Entra ID Sync', 'running'], -30 * 86_400_000);
    bench.server.events = bench.server.events.filter(({ id, time }) => id !== 7036 || Date.parse(time) < bench.clock.time - 86_400_000);
    bench.server.event('Application', 'database', 6075, 'ADSync', [], -14 * 86_400_000);
    bench.server.loseKey();
    assert.equal((await bench.look()).findings[0]?.id, 'key-lost');
  });
});

describe('what a run leaves and says', () => {
  it('a key that was not abandoned, and a service that the check left stopped, are both told', async () => {
    const bench = new Bench();
    bench.person.answers = { ...bench.person.answers, 'staging-first': 'none' };
    bench.server.taskEnds = { refusal: 'its process miiserver did not end within three minutes.' };
    bench.server.after = (script): void => { if (script === 'launch-abandon') bench.server.state = 'Stopped'; };
    const result = await bench.plan('abandon-any-reason');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /ADSync is Stopped now/);
    assert.equal(result.touched, true);
  });

  it('a start that is refused in the middle of a restart says that the service was stopped', async () => {
    const bench = new Bench();
    bench.server.before_ = (script): void => { if (script === 'start-service') bench.server.writableController = false; };
    const result = await bench.step('restart-service');
    assert.equal(result.state, 'refused');
    assert.match(result.message, /^ADSync was stopped for the restart and is not started/);
    assert.equal(result.touched, true);
  });

  it('after an abandonment the service is started although its account was never proven', async () => {
    const bench = new Bench();
    bench.server.proven = false;
    bench.person.answers = { ...bench.person.answers, 'staging-first': 'none' };
    bench.person.agrees = ({ overrules }): boolean => overrules !== 'original-unproven';
    const result = await bench.plan('abandon-any-reason');
    assert.equal(result.steps.find(({ id, plan }) => id === 'start-service' && plan !== undefined)?.state, 'skipped');
    assert.equal(bench.server.abandonedCount, 1);
    assert.equal(bench.server.state, 'Running', result.message);
  });

  it('Synchronization Service Manager, in which the password was just entered, is waited for before the restart', async () => {
    const bench = new Bench();
    bench.server.connectors[0] = { name: 'contoso.example', type: 'AD', good: false };
    await bench.step('verify');
    bench.person.works = (connector): void => {
      bench.server.enterPassword(connector);
      bench.server.serviceManagerOpen = true;
    };

    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.ok(bench.person.tasks.includes('Close Synchronization Service Manager on the server'));
  });

  it('a server that has not synchronized for more than seven days gets a full cycle', async () => {
    for (const [days, policy] of [[8, 'Initial'], [6, 'Delta']] as const) {
      const bench = new Bench();
      bench.server.runs.push({ connector: 'contoso.example', profile: 'Delta Import', result: 'success', history: 'old', start: new Date(bench.clock.time - days * 86_400_000).toISOString() });
      assert.equal((await bench.step('verify')).state, 'done');
      assert.ok(bench.server.seenText.includes(`PolicyType=${policy}`), policy);
    }
  });

  it('a backup that fails on the way to its folder is one more reason to copy the files', async () => {
    const bench = new Bench();
    bench.server.databaseAlive = true;
    bench.server.before_ = (script): void => {
      if (script === 'back-up-database') throw new ScriptError('There is not enough space on the disk.');
      if (script === 'copy-database') bench.server.databaseAlive = false;
    };
    const result = await bench.step('back-up-database');
    assert.equal(result.state, 'done', result.message);
  });

  it('how full the database is, is read again as it was read: used space where the service told it, else the file', async () => {
    const { snapshot } = await new Bench().look();
    const lines = (server: typeof snapshot): readonly string[] => checksAgain('restart-service', server, undefined, 'r').filter((line) => line.startsWith('database'));
    assert.deepEqual(lines(snapshot), ['database-used=C:\\Program Files\\Microsoft Azure AD Sync|9216']);
    assert.deepEqual(lines({ ...snapshot, database: { ...snapshot.database, usedMegabytes: { known: false, why: 'failed', detail: '' } } }), ['database=C:\\Program Files\\Microsoft Azure AD Sync\\Data\\ADSync2019\\ADSync.mdf|9216']);
  });

  it('a database that was full once, and has synchronized since, is not full', async () => {
    const bench = new Bench();
    bench.server.event('Application', 'database', 6323, 'ADSync', [], -1_800_000);
    assert.ok((await bench.look()).findings.some(({ id }) => id === 'database-nearly-full'));
    const works = (connector: string): void => { bench.server.runs.push({ connector, profile: 'Delta Import', result: 'success', history: connector, start: new Date(bench.clock.time - 60_000).toISOString() }); };
    works('contoso.example');
    // One alone may have had nothing to store.
    assert.ok((await bench.look()).findings.some(({ id }) => id === 'database-nearly-full'));
    works('contoso - AAD');
    assert.ok(!(await bench.look()).findings.some(({ id }) => id === 'database-nearly-full'));
  });
});
