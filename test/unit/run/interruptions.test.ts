import assert from 'node:assert/strict';
import { stepIds } from '../../../src/connect/ids.ts';
import { planFor } from '../../../src/connect/plans.ts';
import type { Run } from '../../../src/connect/run.ts';
import { lost } from './fake-session.ts';
import { Bench } from './harness.ts';

/** The scripts that a full abandonment runs, each of which may be the moment at which something happens. */
async function scriptsOf(): Promise<readonly string[]> {
  const bench = new Bench();
  bench.server.loseKey();
  await bench.recommended();
  return bench.server.calls;
}

describe('a run that is interrupted', function () {
  // Some of these take a whole run for every script of it.
  this.timeout(120_000);

  it('cancel at every script of a full abandonment: it ends, nothing is abandoned twice, and the lock is free', async () => {
    const total = (await scriptsOf()).length;
    for (let at = 1; at <= total; at++) {
      const bench = new Bench();
      bench.server.loseKey();
      const { snapshot, findings } = await bench.look();
      const plan = planFor(findings, snapshot);
      assert.ok(plan);
      const holder: { run: Run | undefined; refused: string | undefined } = { run: undefined, refused: undefined };
      let count = 0;
      bench.server.before_ = () => {
        if (++count !== at) return;
        const answer = holder.run?.cancel();
        if (answer?.accepted === false) holder.refused = answer.why;
      };
      holder.run = bench.start({ kind: 'plan', plan });
      const result = await holder.run.result;
      assert.ok(bench.server.abandonedCount <= 1);
      if (holder.refused !== undefined) {
        assert.match(holder.refused, /cannot be cancelled/);
        assert.equal(result.state, 'done', `${at}: ${result.message}`);
      } else {
        assert.ok(result.state === 'cancelled' || result.state === 'done', `${at}: ${result.state} ${result.message}`);
      }
      const last = bench.events.at(-1);
      assert.equal(last?.kind, 'ended');
    }
  });

  it('cancelling while the key is being abandoned is refused with the reason, however often', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.taskReadings = 5;
    const answers: boolean[] = [];
    const holder: { run: Run | undefined } = { run: undefined };
    bench.server.before_ = (script) => {
      if (script !== 'launch-abandon' && !(script === 'read-abandon' && bench.server.taskState === 'Running')) return;
      const answer = holder.run?.cancel();
      if (answer !== undefined) answers.push(answer.accepted);
    };
    holder.run = bench.start({ kind: 'step', step: 'abandon-key', target: undefined });
    const result = await holder.run.result;
    assert.equal(result.state, 'done', result.message);
    assert.ok(answers.length >= 3 && answers.every((accepted) => !accepted));
  });

  it('declining any confirmation ends the run cancelled, with nothing done after it', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    await bench.recommended();
    const all = bench.person.confirmed.length;
    for (let at = 0; at < all; at++) {
      const again = new Bench();
      again.server.loseKey();
      let asked = 0;
      let callsThen = 0;
      again.person.agrees = () => {
        if (asked++ !== at) return true;
        callsThen = again.server.calls.length;
        return false;
      };
      const result = await again.recommended();
      assert.equal(result.state, 'cancelled', result.message);
      // Nothing but the scheduler is put back, where a step before had paused it.
      const after = again.server.calls.slice(callsThen).filter((call) => !['lock-release', 'record-step', 'snapshot', 'lock-write', 'read-scheduler', 'restore-scheduler'].includes(call));
      assert.deepEqual(after, []);
      if (again.server.state === 'Running') assert.equal(again.server.enabled, true);
      assert.equal(again.server.locks.size, 0);
    }
  });

  it('the connection lost before each script of each step: reading goes on over a new one', async () => {
    const calls = await scriptsOf();
    for (const script of new Set(calls)) {
      const bench = new Bench();
      bench.server.loseKey();
      bench.server.before_ = (name, count) => { if (name === script && count === 1) throw lost(); };
      let result;
      try {
        result = await bench.recommended();
      } catch {
        // The first snapshot of all is the test's own.
        assert.equal(script, 'snapshot');
        continue;
      }
      assert.ok(bench.server.abandonedCount <= 1);
      assert.ok(result.state === 'done' || result.state === 'failed' || result.state === 'unknown', `${script}: ${result.message}`);
      assert.equal(bench.events.at(-1)?.kind, 'ended');
    }
  });

  it('the connection lost after each script has had its effect: nothing irreversible happens twice', async () => {
    const calls = await scriptsOf();
    for (const script of new Set(calls)) {
      if (script === 'snapshot') continue;
      const bench = new Bench();
      bench.server.loseKey();
      bench.server.after = (name, count) => { if (name === script && count === 1) throw lost(); };
      const result = await bench.recommended();
      assert.ok(bench.server.abandonedCount <= 1, script);
      assert.ok(bench.server.calls.filter((call) => call === 'launch-abandon').length <= 1, script);
      assert.ok(bench.server.startAttempts <= 3, script);
      assert.ok(['done', 'failed', 'unknown'].includes(result.state), `${script}: ${result.state} ${result.message}`);
    }
  });

  it('the launch of the abandonment answered by a cut connection: the mark tells, and it is done once', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.after = (name) => { if (name === 'launch-abandon') throw lost(); };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.abandonedCount, 1);
  });

  it('the launch cut before it had an effect: nothing was abandoned, and that is what is said', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.before_ = (name) => { if (name === 'launch-abandon') throw lost(); };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'failed');
    assert.match(result.message, /not abandoned/);
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('the launch answered by a cut connection while it still checks: its mark is waited for', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    let looks = 0;
    let launch: (() => void) | undefined;
    bench.server.after = (name) => {
      if (name === 'launch-abandon') {
        // What it did becomes visible only a while after the connection was lost.
        const { marker, claim, taskState } = bench.server;
        Object.assign(bench.server, { marker: undefined, claim: undefined, taskState: '' });
        launch = () => { Object.assign(bench.server, { marker, claim, taskState }); };
        throw lost();
      }
    };
    bench.server.before_ = (name) => { if (name === 'read-abandon' && launch !== undefined && ++looks === 8) launch(); };
    const result = await bench.step('abandon-key');
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.abandonedCount, 1);
  });

  it('a password whose answer was cut off is sent again; a start is only read back', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    bench.server.after = (name, count) => { if ((name === 'set-service-password' || name === 'start-service') && count === 1) throw lost(); };
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.calls.filter((call) => call === 'set-service-password').length, 2);
    assert.equal(bench.server.startAttempts, 1);
  });

  it('a server that never comes back ends the run, with an unknown outcome where something was under way', async () => {
    const bench = new Bench();
    bench.server.wrongScmPassword();
    let gone = false;
    bench.server.before_ = () => { if (gone) throw lost(); };
    bench.server.after = (name) => {
      if (name === 'start-service') gone = true;
      if (gone) throw lost();
    };
    const result = await bench.recommended();
    assert.equal(result.state, 'unknown', result.message);
    assert.equal(bench.server.startAttempts, 1);
  });

  it('every step ends in a state of its own when its server says nothing that makes sense', async () => {
    for (const step of stepIds) {
      const bench = new Bench();
      bench.server.state = '';
      const result = await bench.step(step, 'contoso.example');
      const harmless = step === 'back-up-database' || result.steps[0]?.state === 'skipped';
      assert.ok(harmless || result.state === 'failed' || result.state === 'refused', `${step}: ${result.state} ${result.message}`);
      for (const acting of ['launch-abandon', 'start-service', 'stop-service', 'pause-scheduler', 'reinitialize-entra-account', 'start-cycle']) assert.ok(!bench.server.calls.includes(acting), `${step}: ${acting}`);
    }
  });

  it('restores the scheduler to what it was even when an earlier run died after the pause', async () => {
    const bench = new Bench();
    bench.server.loseKey();
    bench.server.before = 'True';
    bench.server.enabled = false;
    const result = await bench.recommended();
    assert.equal(result.state, 'done', result.message);
    assert.equal(bench.server.enabled, true);
  });
});
