import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptError } from '../run/fake-session.ts';
import { CliBench, Person } from './cli-bench.ts';

const everything = (name: string): Person => new Person(
  [/Type the name that the server reports/, name], [/\?$/, 'yes'], [/reset the old|How did|1 to [34]/, '2'], [/"stop" gives up/, 'stop'], [/Password of/, 'new-Passw0rd']);
const service = ['run', 'practice', '--plan', 'service-password', '--confirm', 'SYNC1', '--answer', 'password-change-kind=change'];
const helper = { ENTRA_CONNECT_CREDENTIAL_HELPER: '["/bin/echo","{\\"v\\":1,\\"password\\":\\"new-Passw0rd\\"}"]' };

interface Run {
  readonly run: string;
  readonly state: string;
  readonly plan: string;
  readonly message: string;
  readonly steps: readonly { readonly id: string; readonly state: string }[];
  readonly before: readonly string[];
  readonly after: readonly string[] | null;
}

describe('run', () => {
  it('does at a terminal what the recommended plan says; what cannot be undone takes the server\'s own name', async () => {
    for (const [typed, abandoned] of [['practice', 0], ['SYNC1', 1]] as const) {
      using bench = new CliBench();
      bench.server.loseKey();
      const person = everything(typed);
      const { err } = await bench.call(['run', 'practice'], person);
      assert.ok(person.asked.some((asked) => asked.startsWith('Type the name that the server reports, SYNC1,')), err);
      assert.equal(bench.server.abandonedCount, abandoned, err);
    }
  });

  it('asks nobody for an approval at a terminal, and does not take one for an answer to another plan', async () => {
    using bench = new CliBench();
    bench.server.loseKey();
    bench.environment = { ENTRA_CONNECT_APPROVAL: `eca1.${'0'.repeat(32)}.${'0'.repeat(64)}` };
    const { code } = await bench.call(['run', 'practice'], everything('SYNC1'));
    assert.deepEqual([code, bench.server.abandonedCount], [5, 0]);
  });

  it('prints one document with --json and everything else on standard error', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    const { code, run, state, plan, steps, before, after, err } = await bench.json<Run>(service);
    assert.deepEqual([code, state, plan, before, after], [0, 'done', 'service-password', ['stale-scm-password'], ['healthy']], err);
    assert.deepEqual(steps.map((step) => `${step.id} ${step.state}`), ['set-service-password done', 'start-service done', 'verify done']);
    assert.match(run, /^[0-9a-f-]{36}$/);
    assert.match(err, /Agreed beforehand/);
  });

  it('keeps a journal, a machine identity and an installation id where the editor finds them, for this user alone', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    const { run } = await bench.json<Run>([...service, '--ticket', 'CHG1']);
    const state = join(bench.folder, 'state');
    assert.deepEqual(readdirSync(state).sort(), ['client', 'machines', 'runs']);
    for (const path of ['client', join('runs', `${run}.jsonl`), join('machines', readdirSync(join(state, 'machines'))[0] ?? '')]) assert.equal(statSync(join(state, path)).mode & 0o077, 0, path);
    assert.match(readFileSync(join(state, 'runs', `${run}.jsonl`), 'utf8'), /"ticket":"CHG1"/);
    assert.doesNotMatch(readFileSync(join(state, 'runs', `${run}.jsonl`), 'utf8'), /Passw0rd/);
  });

  it('refuses a server whose machine changed since the first run, and one that is not the one of --confirm', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    assert.equal((await bench.call(service)).code, 0);
    bench.server.machineId = '99999999-0000-4000-8000-000000000000';
    bench.server.wrongScmPassword();
    const changed = await bench.call(service);
    assert.equal(changed.code, 5);
    assert.match(changed.err + changed.out, /another machine than before/);
    bench.server.computerName = 'SYNC9';
    const other = await bench.call(service);
    assert.equal(other.code, 5);
    assert.match(other.err, /--confirm names another server/);
  });

  it('does not go over to another plan than the one that was named where nobody can be asked', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.server.key = 'lost-recreates';
    bench.environment = helper;
    const { code, err } = await bench.call(service);
    assert.notEqual(code, 0);
    assert.match(err, /Not agreed: the diagnosis called for another plan \(credentials-only\)/);
  });

  it('stops where a start may drop secrets and nobody approved it', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    const { err } = await bench.call(service.map((word) => word.replace('=change', '=unknown')));
    assert.match(err, /Not agreed: what cannot be undone needs an approval/);
    assert.equal(bench.server.startAttempts, 0);
  });

  it('says that nothing calls for a plan, and does nothing', async () => {
    using bench = new CliBench();
    const { code, err } = await bench.call(['run', 'practice'], new Person());
    assert.equal(code, 0);
    assert.match(err, /calls for a plan: nothing was done/);
    assert.deepEqual(bench.server.calls, ['snapshot']);
  });

  it('tells what cannot be read apart from what failed', async () => {
    using bench = new CliBench();
    bench.dead.add('practice');
    const { code, err } = await bench.call(service);
    assert.equal(code, 4);
    assert.match(err, /practice: Nothing answers\. Look at the network\./);
  });

  it('gives no terminal a control character of a server, whatever the server puts it into', async () => {
    using bench = new CliBench();
    const steers = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
    bench.server.wrongScmPassword();
    bench.server.connectors[0] = { ...bench.server.connectors[0]!, name: 'contoso\u001b]0;x\u0007' };
    bench.server.runRecords.set('0d9f4c11-7a3f-4a52-9d1e-2d1f0f5f0a01', { Kind: 'plan', Plan: 'service-password', Title: 'T\u001b[2J', Holder: 'eve\u009b', Started: 'Thu, 26 Nov 2026 10:00:00 GMT (\u001b[2J)', Updated: new Date(bench.clock.now()).toISOString(), State: 'running', Steps: '1', 'Step 01': 'running|pause-scheduler|||' });
    bench.server.before_ = (script) => { if (script === 'set-service-password') throw new ScriptError('no\u001b[2J\r\u202e'); };
    bench.environment = helper;
    for (const words of [['diagnose'], ['plan', 'practice'], service, ['report', '--last']]) {
      const { out, err } = await bench.call(words);
      assert.doesNotMatch(out + err, steers, words.join(' '));
    }
    bench.said = 'Go away.\u001b[2J\r\u202e';
    bench.dead.add('practice');
    for (const words of [['diagnose'], service]) {
      const { out, err } = await bench.call(words);
      assert.match(out + err, /Go away\./);
      assert.doesNotMatch(out + err, steers, words.join(' '));
    }
  });
});

describe('Ctrl+C during a run', () => {
  it('cancels between the steps, releases the lock and ends with the shell\'s code', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    bench.server.before_ = (script) => { if (script === 'set-service-password') bench.interrupt(); };
    const { code, err } = await bench.call(service);
    assert.equal(code, 130, err);
    assert.match(err, /Cancelling; once more drops the connection/);
    assert.deepEqual([bench.server.startAttempts, bench.server.locks.size], [0, 0]);
  });

  it('is refused while the key is being abandoned, however often and by whatever signal; the run goes on', async () => {
    using bench = new CliBench();
    bench.server.loseKey();
    let interrupted = 0;
    bench.server.before_ = (script) => {
      if (script !== 'launch-abandon') return;
      for (const signal of ['SIGINT', 'SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
        interrupted++;
        bench.interrupt(signal);
      }
    };
    const { code, err } = await bench.call(['run', 'practice'], everything('SYNC1'));
    assert.equal(interrupted, 4);
    assert.equal(err.split('Not cancelled: ').length - 1, 4);
    assert.match(err, /cannot be cancelled/);
    // It went on to the work of a person, who gave up: that is how it ended, not by the signals.
    assert.deepEqual([code, bench.server.abandonedCount, bench.server.state], [7, 1, 'Running'], err);
  });
});

describe('report', () => {
  it('lists runs, newest first, and exports each; the editor\'s journals as well', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    const { run } = await bench.json<Run>(service);
    const id = '0f0f0f0f-0000-4000-8000-000000000000';
    writeFileSync(join(bench.folder, 'state', 'runs', `${id}.jsonl`), `${JSON.stringify({ v: 1, seq: 1, at: '2026-10-06T00:00:00.000Z', run: id, event: 'run-started', data: { server: 'other', plan: 'planned-change' } })}\n`);
    const { runs } = await bench.json<{ runs: { run: string; state: string; plan: string }[] }>(['report']);
    assert.deepEqual(runs.map((one) => [one.run, one.plan, one.state]).sort(), [[id, 'planned-change', ''], [run, 'service-password', 'done']].sort());
    assert.equal((await bench.json<{ runs: unknown[] }>(['report', '--server', 'other'])).runs.length, 1);
    const record = await bench.call(['report', run, '--ticket', 'INC7']);
    assert.match(record.out, /^# Change record: practice\n[^]*\*\*Ticket\*\*: INC7/);
    const last = await bench.json<{ run: string; entries: { event: string }[] }>(['report', '--last', '--server', 'practice']);
    assert.deepEqual([last.run, last.entries[0]?.event, last.entries.at(-1)?.event], [run, 'diagnosed', 'run-ended']);
  });

  it('writes to a new file only', async () => {
    using bench = new CliBench();
    bench.server.wrongScmPassword();
    bench.environment = helper;
    const { run } = await bench.json<Run>(service);
    assert.equal((await bench.call(['report', run, '--output', 'record.md'])).code, 0);
    assert.match(readFileSync(join(bench.folder, 'record.md'), 'utf8'), /^# Change record/);
    const again = await bench.call(['report', run, '--output', 'record.md']);
    assert.equal(again.code, 2);
    assert.match(again.err, /record\.md could not be written/);
  });

  it('says where it looked for a run that is not there', async () => {
    using bench = new CliBench();
    assert.equal((await bench.call(['report'])).out, '');
    for (const words of [['report', '../../etc/passwd'], ['report', '--last']]) {
      const { code, err } = await bench.call(words);
      assert.equal(code, 1);
      assert.match(err, /no journal of/);
    }
  });
});
