import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CliBench, Person, type Called } from './cli-bench.ts';

const approver = (): Person => new Person([/Type the name that the server reports, SYNC1,/, 'SYNC1']);
const abandonment = ['run', 'practice', '--plan', 'full-abandonment', '--answer', 'old-password-known=gone', '--answer', 'password-change-kind=reset', '--wait', '0'];

/** A server whose key is lost, and what a person has approved for it. */
async function approved(bench: CliBench, plan = 'full-abandonment'): Promise<string> {
  const { code, out, err } = await bench.call(['plan', 'practice', '--plan', plan, '--approve'], approver());
  assert.equal(code, 0, err);
  assert.match(out, /^eca1\.[0-9a-f]{32}\.[0-9a-f]{64}\n$/);
  return out.trim();
}

function lostKey(): CliBench {
  const bench = new CliBench();
  bench.server.loseKey();
  return bench;
}

async function run(bench: CliBench, token: string, words: readonly string[] = abandonment): Promise<Called> {
  bench.environment = { ENTRA_CONNECT_APPROVAL: token };
  return await bench.call(words);
}

describe('abandoning the key without a terminal', () => {
  it('is refused without an approval, before anything is changed', async () => {
    using bench = lostKey();
    for (const words of [abandonment, [...abandonment, '--confirm', 'SYNC1'], ['run', 'practice', '--step', 'abandon-key', '--confirm', 'SYNC1']]) {
      const { code, err } = await bench.call(words);
      assert.equal(code, 5);
      assert.match(err, /cannot be undone.*plan practice --approve/);
    }
    assert.deepEqual([...new Set(bench.server.calls)], ['snapshot']);
  });

  it('is done once with an approval; the next run with it is refused', async () => {
    using bench = lostKey();
    const token = await approved(bench);
    const first = await run(bench, token);
    assert.match(first.err, /Agreed beforehand/);
    assert.deepEqual([first.code, bench.server.abandonedCount], [7, 1], first.err);
    bench.server.loseKey();
    const second = await run(bench, token);
    assert.equal(second.code, 5);
    assert.match(second.err, /The approval does not hold: it was used already/);
    assert.equal(bench.server.abandonedCount, 1);
  });

  it('takes the approval from a file and from standard input as well', async () => {
    for (const from of ['token.txt', '-']) {
      using bench = lostKey();
      const token = await approved(bench);
      writeFileSync(join(bench.folder, 'token.txt'), `${token}\n`);
      bench.input = `${token}\n`;
      await bench.call([...abandonment, '--approval', from]);
      assert.equal(bench.server.abandonedCount, 1);
    }
  });

  /** What is done to an approval between giving and using it, and what is said then. */
  const spoiled: readonly (readonly [what: string, spoil: (bench: CliBench, token: string) => string | undefined, said: RegExp])[] = [
    ['is no token', () => 'yes', /is no token/],
    ['was forged: nobody gave one of that name', () => `eca1.${'0'.repeat(32)}.${'0'.repeat(64)}`, /knows nothing of it/],
    ['was forged: the name of a given one with another secret', (_, token) => `${token.slice(0, -64)}${'0'.repeat(64)}`, /the token is not the one that was given/],
    ['has ended', (bench) => { bench.clock.time += 61 * 60_000; return undefined; }, /it ended at .* by the server's clock/],
    ['outlives what any may, since the clock was set back', (bench) => { bench.clock.time -= 25 * 3_600_000; return undefined; }, /clock was set back|wrong/],
    ['was given for a machine of another name', (bench) => { bench.server.computerName = 'SYNC2'; return undefined; }, /another machine than before/],
    ['was given for a machine with another identifier', (bench) => { bench.server.machineId = '00000000-0000-4000-8000-000000000000'; return undefined; }, /another machine than before/],
    ['was given for the server while it had another account', (bench) => { bench.server.startName = 'CONTOSO\\other'; bench.server.originalAccount = 'CONTOSO\\other'; return undefined; }, /not as it was when the plan was approved/],
    ['was given for another build', (bench) => { bench.server.build = '2.6.84.0'; return undefined; }, /not as it was when the plan was approved/],
    ['had its end moved on the server', (bench) => { for (const approval of bench.server.approvals.values()) approval['expires'] = '2026-10-05T20:00:00.000Z'; return undefined; }, /the token is not the one/],
    ['had its plan changed on the server', (bench) => { for (const approval of bench.server.approvals.values()) approval['plan'] = 'abandon-any-reason'; return undefined; }, /the token is not the one/],
    ['was deleted on the server', (bench) => { bench.server.approvals.clear(); return undefined; }, /knows nothing of it/],
  ];
  for (const [what, spoil, said] of spoiled) {
    it(`is refused with an approval that ${what}`, async () => {
      using bench = lostKey();
      const token = await approved(bench);
      const { code, err } = await run(bench, spoil(bench, token) ?? token);
      assert.equal(code, 5, err);
      assert.match(err, said);
      assert.equal(bench.server.abandonedCount, 0);
      assert.equal(bench.server.startAttempts, 0);
    });
  }

  it('is refused with an approval for another server', async () => {
    using bench = new CliBench('practice', 'other');
    bench.server.loseKey();
    bench.servers.get('other')?.loseKey();
    const token = await approved(bench);
    bench.environment = { ENTRA_CONNECT_APPROVAL: token };
    const { code, err } = await bench.call(abandonment.map((word) => (word === 'practice' ? 'other' : word)));
    assert.deepEqual([code, bench.servers.get('other')?.abandonedCount], [5, 0]);
    assert.match(err, /given for another server, or by nobody/);
  });

  it('is refused with an approval for another plan, even where the diagnosis of the run goes over to this one', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    const token = await approved(bench, 'service-password');
    assert.match((await run(bench, token, abandonment)).err, /The plan|does not hold|cannot run/);
    // The password is put right, and then the start shows that the key is lost.
    bench.server.key = 'lost';
    bench.environment = { ENTRA_CONNECT_APPROVAL: token };
    const result = await bench.call(['run', 'practice', '--plan', 'service-password', '--answer', 'password-change-kind=change', '--answer', 'old-password-known=gone'], undefined);
    assert.notEqual(result.code, 0);
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('is refused where the server was set back and has forgotten the use, but this machine has not', async () => {
    using bench = lostKey();
    const token = await approved(bench);
    await run(bench, token);
    assert.equal(bench.server.abandonedCount, 1);
    for (const approval of bench.server.approvals.values()) approval['usedBy'] = '';
    bench.server.loseKey();
    const { code, err } = await run(bench, token);
    assert.deepEqual([code, bench.server.abandonedCount], [5, 1]);
    assert.match(err, /used from this machine already/);
  });

  it('of which the approval ends while the run waits is not done', async () => {
    using bench = lostKey();
    const token = await approved(bench);
    bench.server.before_ = (script) => { 
      if (script !== 'back-up-database') return;
      bench.clock.time += 2 * 3_600_000;
      // The lock was renewed all the while.
      for (const entry of bench.server.locks.values()) entry['heartbeat'] = new Date(bench.clock.time).toISOString();
    };
    const { err } = await run(bench, token);
    assert.match(err, /it ended at/);
    assert.equal(bench.server.abandonedCount, 0);
  });
});

describe('approving a plan', () => {
  it('takes a person at a terminal: a pipeline cannot approve for itself', async () => {
    using bench = lostKey();
    const { code, out, err } = await bench.call(['plan', 'practice', '--approve']);
    assert.deepEqual([code, out, bench.server.calls], [5, '', []]);
    assert.match(err, /approved by a person at a terminal/);
  });

  it('takes the name that the server reports, in full', async () => {
    using bench = lostKey();
    for (const typed of ['practice', 'sync1', 'SYNC', '', undefined]) {
      const { code, out } = await bench.call(['plan', 'practice', '--approve'], new Person([/./, typed]));
      assert.deepEqual([code, out], [7, '']);
    }
    assert.equal(bench.server.approvals.size, 0);
  });

  it('says what is approved and gives its life by the server\'s clock; the server keeps no part of the secret', async () => {
    using bench = lostKey();
    const { out, err, approval, plans } = await bench.json<{ approval: { plan: string; digest: string; token: string; expires: string }; plans: { digest: string }[] }>(['plan', 'practice', '--approve', '--minutes', '10'], approver());
    assert.match(err, /CANNOT BE UNDONE/);
    assert.equal(approval.plan, 'full-abandonment');
    assert.equal(approval.digest, plans[0]?.digest);
    const life = Date.parse(approval.expires) - bench.clock.time;
    assert.ok(life > 9 * 60_000 && life <= 10 * 60_000, String(life));
    assert.ok(out.includes(approval.token));
    const secret = approval.token.slice(-64);
    assert.ok(!JSON.stringify([...bench.server.approvals]).includes(secret) && !bench.server.seenText.join().includes(secret));
  });

  it('is refused for a plan that a gate forbids, and where nothing calls for one', async () => {
    using bench = new CliBench();
    for (const words of [['plan', 'practice', '--approve'], ['plan', 'practice', '--plan', 'full-abandonment', '--approve']]) {
      assert.equal((await bench.call(words, approver())).code, 5);
    }
    assert.equal(bench.server.approvals.size, 0);
  });
});
