import assert from 'node:assert/strict';
import { judgeAbandon, readAbandonRecord, type AbandonRecord } from '../../../src/connect/abandon-marker.ts';
import { Bench } from './harness.ts';

const base: AbandonRecord = {
  intent: '2026-10-05T12:00:00Z', run: 'r', phase: 'launched', refusal: '', exitCode: '', finished: '', output: '', folder: '', task: 'EntraConnectRemediation-r', taskState: '', processAlive: false, utilityAlive: false, sameBoot: true, applicationRecord: 1,
};

describe('what a mark of an abandonment means', () => {
  it('every combination of phase, exit code, task, process and boot', () => {
    for (const phase of ['claimed', 'launched', 'checking', 'stopping', 'abandoning', 'finished', 'refused', '']) {
      for (const exitCode of ['', '0', '1', '-2146233088']) {
        for (const taskState of ['', 'Ready', 'Running', 'Queued']) {
          for (const processAlive of [false, true]) {
            for (const utilityAlive of [false, true]) {
              for (const sameBoot of [false, true]) {
                // A process id of an earlier boot may be anybody's; miiskmu.exe and a task that runs are of this moment, whenever the mark was written.
                const alive = utilityAlive || taskState === 'Running' || taskState === 'Queued' || (sameBoot && processAlive);
                const expected = alive ? 'running' : exitCode === '0' ? 'done' : exitCode === '' && phase === 'refused' ? 'not-started' : 'unknown';
                const state = { phase, exitCode, taskState, processAlive, utilityAlive, sameBoot };
                assert.equal(judgeAbandon({ ...base, ...state }), expected, JSON.stringify(state));
              }
            }
          }
        }
      }
    }
    assert.equal(judgeAbandon(undefined), 'none');
  });

  it('an answer without a mark, and one that makes no sense', () => {
    assert.equal(readAbandonRecord([]), undefined);
    assert.equal(readAbandonRecord([{ present: false }]), undefined);
    assert.equal(readAbandonRecord([{ present: 'yes' }]), undefined);
    assert.equal(judgeAbandon(readAbandonRecord([{ present: true }])), 'unknown');
    assert.equal(readAbandonRecord([{ present: true, utilityAlive: true }])?.utilityAlive, true);
    assert.equal(readAbandonRecord([{ present: true, bootTime: 'never', serverBootTime: '2026-10-01T00:00:00Z' }])?.sameBoot, false);
  });
});

describe('a mark that an earlier run left behind', () => {
  const mark = (bench: Bench, values: Readonly<Record<string, string>>): void => {
    bench.server.marker = { run: 'earlier', intent: '2026-10-05T11:00:00.000Z', phase: 'abandoning', refusal: '', exitCode: '', output: '', folder: '', task: 'EntraConnectRemediation-earlier', applicationRecord: '1', bootTime: '2026-10-01T00:00:00.0000000Z', ...values };
  };

  const claimant = (bench: Bench): string | undefined => bench.server.claim?.run;

  it('still running: it is waited for, and not started again', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    mark(bench, {});
    bench.server.taskState = 'Running';
    bench.server.taskReadings = 4;
    const result = await bench.step('abandon-key');
    assert.equal(result.steps[0]?.state, 'skipped', result.message);
    assert.equal(bench.server.abandonedCount, 1);
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('of an earlier boot, and the task or miiskmu.exe runs: it is waited for as well', async () => {
    for (const alive of ['task', 'utility'] as const) {
      const bench = new Bench();
      bench.server.loseKey();
      mark(bench, { bootTime: '2026-09-01T00:00:00.0000000Z' });
      if (alive === 'task') bench.server.taskState = 'Running';
      else bench.server.utilityAlive = true;
      bench.server.taskReadings = 4;
      let readings = 0;
      bench.server.before_ = (script) => {
        // Somebody else's process ends with nothing on record.
        if (script === 'read-abandon' && ++readings === 4) bench.server.utilityAlive = false;
      };
      bench.person.answers = { ...bench.person.answers, 'abandonment-outcome': 'leave' };
      const result = await bench.step('abandon-key');
      assert.equal(result.steps[0]?.state, alive === 'task' ? 'skipped' : 'unknown', result.message);
      assert.ok(readings >= 4, `${alive}: asked after ${readings} readings`);
      assert.ok(!bench.server.calls.includes('launch-abandon'));
    }
  });

  it('a claim alone, of a run that died before its intent: a person decides, and only then it is forgotten', async () => {
    for (const answer of ['leave', 'did-not-happen']) {
      const bench = new Bench();
      bench.server.loseKey();
      bench.server.claim = { run: 'earlier', intent: '2026-10-05T11:00:00.000Z', applicationRecord: '1' };
      bench.person.answers = { ...bench.person.answers, 'abandonment-outcome': answer };
      const result = await bench.step('abandon-key');
      assert.ok(bench.person.asked.includes('abandonment-outcome'));
      assert.equal(result.state, answer === 'leave' ? 'unknown' : 'done', result.message);
      assert.equal(claimant(bench) === 'earlier', answer === 'leave');
      assert.equal(bench.server.abandonedCount, answer === 'leave' ? 0 : 1);
    }
  });

  it('a claim alone keeps a plan from being made of the lost key, and once it is settled the gates see the server without it', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.claim = { run: 'earlier', intent: '2026-10-05T11:00:00.000Z', applicationRecord: '1' };
    const refused = await bench.plan('full-abandonment');
    assert.deepEqual([refused.state, bench.server.abandonedCount], ['refused', 0], refused.message);
    bench.person.answers = { ...bench.person.answers, 'abandonment-outcome': 'did-not-happen', 'staging-first': 'none' };
    assert.equal((await bench.step('abandon-key')).state, 'done');
    const up = new Bench();
    up.server.claim = { run: 'earlier', intent: '2026-10-05T11:00:00.000Z', applicationRecord: '1' };
    up.person.answers = { ...up.person.answers, 'abandonment-outcome': 'did-not-happen', 'staging-first': 'none' };
    const result = await up.plan('abandon-any-reason');
    assert.equal(result.state, 'done', result.message);
    assert.ok(!up.person.confirmed.some((request) => request.overrules === 'uncertain'), 'a gate was asked about that had nothing to hold against it any more');
  });

  it('the task on the server checks again all that can be told without this client, and nothing that it has no part in', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    assert.equal((await bench.step('abandon-key')).state, 'done');
    const [guard = ''] = bench.server.seenText.flatMap((text) => (text.startsWith('TaskGuard=') ? [text.slice(10)] : []));
    assert.deepEqual(guard.split('\n').map((line) => line.split('=')[0]).sort(), ['account', 'build', 'database', 'database-process', 'machine', 'no-newer', 'programs', 'utility']);
  });

  it('done: skipped, whatever the person says', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    mark(bench, { exitCode: '0', phase: 'finished' });
    const result = await bench.step('abandon-key');
    assert.equal(result.steps[0]?.state, 'skipped');
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('unexplained: a person decides; left open, it is never started again', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    mark(bench, {});
    bench.person.answers = { ...bench.person.answers, 'abandonment-outcome': 'leave' };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'unknown');
    assert.deepEqual(bench.person.asked, ['abandonment-outcome']);
    assert.ok(bench.server.marker !== undefined);
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('unexplained, with MIISKMU 1 since: "it did not happen" is not offered', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    mark(bench, {});
    bench.server.event('Application', 'abandonment', 1, 'MIISKMU');
    bench.person.answers = { ...bench.person.answers, 'abandonment-outcome': 'did-not-happen' };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'cancelled');
    assert.ok(!bench.server.calls.includes('launch-abandon'));
  });

  it('a task that dies half-way leaves the outcome unknown, the mark on the server, and the key alone from then on', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.taskEnds = 'dies';
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'unknown', result.message);
    assert.ok(bench.server.marker !== undefined);
    const launches = bench.server.calls.filter((call) => call === 'launch-abandon').length;
    await bench.step('abandon-key');
    assert.equal(bench.server.calls.filter((call) => call === 'launch-abandon').length, launches);
  });

  it('an exit code other than 0 is unknown, with its text told', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.taskEnds = { exitCode: '-2146233088' };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'unknown');
    assert.match(result.message, /-2146233088/);
  });

  it('the server\'s own last check refuses: nothing happened, and the mark is gone', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.taskEnds = { refusal: 'ADSync runs as somebody else now.' };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'refused');
    assert.match(result.refused?.reason ?? '', /somebody else/);
    assert.equal(bench.server.marker, undefined);
    assert.equal(bench.server.abandonedCount, 0);
  });
});
