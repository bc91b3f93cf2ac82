import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FakeClient } from '../run/fake-client.ts';
import { lost } from '../run/fake-session.ts';
import { CliBench, Person } from './cli-bench.ts';

const helper = { ENTRA_CONNECT_CREDENTIAL_HELPER: '["/bin/echo","{\\"v\\":1,\\"password\\":\\"new-Passw0rd\\"}"]' };
/** Longer than a dead run's lease, in milliseconds. */
const pastLease = 180_000;

interface Run {
  readonly run: string;
  readonly state: string;
  readonly resumed: boolean;
  readonly message: string;
  readonly steps: readonly { readonly id: string; readonly state: string }[];
}

/** A run of another machine that died right after a script had answered; its lock entry still looks alive. */
async function died(bench: CliBench, script: string): Promise<string> {
  const alice = new FakeClient(bench.server, 'alice');
  alice.hook = (name, when) => {
    if (name !== script || when !== 'after') return;
    alice.dead = true;
    throw lost();
  };
  await alice.plan();
  const [id] = [...bench.server.runRecords.keys()];
  return id ?? assert.fail('no run was begun');
}

/** Leaves an interrupted run on the server of a bench, and gives its id. */
async function interrupted(bench: CliBench): Promise<string> {
  bench.server.wrongScmPassword();
  bench.environment = helper;
  return await died(bench, 'set-service-password');
}

const unattended = ['run', 'practice', '--resume', '--confirm', 'SYNC1', '--answer', 'password-change-kind=change'];

describe('run --resume', () => {
  it('goes on with the newest interrupted run under its own id, also without a terminal', async () => {
    using bench = new CliBench();
    const id = await interrupted(bench);
    bench.clock.time += pastLease;
    const { code, run, state, resumed, err } = await bench.json<Run>(unattended);
    assert.deepEqual([code, run, state, resumed], [0, id, 'done', true], err);
    // Its own entry is gone; the dead run's is nobody's to remove.
    assert.deepEqual([bench.server.state, [...bench.server.locks.values()].map((lock) => lock['who'])], ['Running', ['alice']]);
    const journal = readFileSync(join(bench.folder, 'state', 'runs', `${id}.jsonl`), 'utf8');
    assert.match(journal, /"run-resumed".*alice on alice-laptop/);
  });

  it('goes on with the run that was named, and tells an unknown one apart', async () => {
    using bench = new CliBench();
    const id = await interrupted(bench);
    bench.clock.time += pastLease;
    const unknown = await bench.call([...unattended.slice(0, 3), '00000000-0000-4000-8000-000000000000', ...unattended.slice(3)]);
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, new RegExp(`remembers no run 00000000.*Its interrupted run is ${id}`));
    const { code, run, err } = await bench.json<Run>([...unattended.slice(0, 3), id.toUpperCase(), ...unattended.slice(3)]);
    assert.deepEqual([code, run], [0, id], err);
    const again = await bench.call([...unattended.slice(0, 3), id, ...unattended.slice(3)]);
    assert.equal(again.code, 0);
    assert.match(again.err, /brought to its end by alice on LAPTOP: nothing was done/);
  });

  it('is told where nothing was interrupted', async () => {
    using bench = new CliBench();
    const { code, err } = await bench.call(['run', 'practice', '--resume'], new Person());
    assert.equal(code, 0);
    assert.match(err, /remembers no interrupted run: nothing was done/);
    assert.deepEqual(bench.server.calls, ['snapshot']);
  });

  it('does not go over to another plan where nobody can be asked', async () => {
    using bench = new CliBench();
    await interrupted(bench);
    bench.clock.time += pastLease;
    bench.server.scmPassword = 'new-Passw0rd';
    bench.server.loseKey();
    const { code, err } = await bench.call(unattended);
    assert.equal(code, 5);
    assert.match(err, /interrupted run was service-password, and the diagnosis calls for full-abandonment now/);
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('a plan that holds what cannot be undone needs an approval here as well', async () => {
    using bench = new CliBench();
    bench.server.loseKey();
    await died(bench, 'back-up-database');
    bench.clock.time += pastLease;
    const { code, err } = await bench.call(unattended);
    assert.equal(code, 5, err);
    assert.match(err, /neither a terminal to type the server's name at nor an approval/);
    assert.equal(bench.server.abandonedCount, 0);
  });

  it('excludes what names other work', async () => {
    using bench = new CliBench();
    for (const words of [['--plan', 'service-password'], ['--step', 'verify']]) {
      const { code, err } = await bench.call(['run', 'practice', '--resume', ...words]);
      assert.equal(code, 2);
      assert.match(err, /--resume goes on with what was begun/);
    }
    assert.equal((await bench.call(['run', 'practice', '--resume', 'newest'])).code, 2);
  });
});

describe('run --take-over', () => {
  it('without it the other is only named, and how to go on', async () => {
    using bench = new CliBench();
    await interrupted(bench);
    const { code, out, err } = await bench.call(unattended);
    assert.equal(code, 5);
    assert.match(out + err, /Another run holds practice: alice on alice-laptop/);
    assert.match(out + err, /In use by alice on alice-laptop.*--take-over/);
    assert.equal(bench.server.startAttempts, 0);
  });

  it('asks for the name that the server reports, and changes nothing when another is typed', async () => {
    for (const [typed, attempts] of [['practice', 0], ['SYNC1', 1]] as const) {
      using bench = new CliBench();
      await interrupted(bench);
      const person = new Person([/Type the name that the server reports/, typed], [/\?$/, 'yes'], [/1 to [34]/, '1']);
      const { code, out, err } = await bench.call(['run', 'practice', '--resume', '--take-over'], person);
      assert.equal(bench.server.startAttempts, attempts, out + err);
      assert.equal(code, attempts === 1 ? 0 : 5);
      assert.match(err, /Take SYNC1 over from alice on alice-laptop/);
    }
  });

  it('is refused without a terminal, whatever was confirmed', async () => {
    using bench = new CliBench();
    await interrupted(bench);
    const calls = bench.server.calls.length;
    const { code, err } = await bench.call([...unattended, '--take-over']);
    assert.equal(code, 5);
    assert.match(err, /there is no terminal to ask one at/);
    assert.equal(bench.server.calls.length, calls);
  });
});

describe('run --ad-ds', () => {
  for (const [way, means, asked] of [['object-model', /neither documents nor supports this/, 'Unsupported: write the password'], ['enterprise-admin', /permissions that were set for them have to be set again/, 'another account']] as const) {
    it(`${way}: says what it means before the run and at the connector, and does it`, async () => {
      using bench = new CliBench();
      const person = new Person([/User name/, 'CONTOSO\\ea'], [/Password of/, 'ea-Passw0rd'], [/\?$/, 'yes'], [/Type the name/, 'SYNC1']);
      const { out, err } = await bench.call(['run', 'practice', '--step', 'enter-connector-password', '--connector', 'contoso.example', '--ad-ds', way], person);
      assert.match(out, means);
      assert.ok(err.includes(asked), err);
      assert.ok(bench.server.calls.includes(way === 'object-model' ? 'store-connector-password' : 'swap-connector-account'), `${bench.server.calls.join(' ')} ${out}`);
    });
  }

  it('declined, nothing is entered; another word is refused', async () => {
    using bench = new CliBench();
    const person = new Person([/\?$/, 'no']);
    const { code } = await bench.call(['run', 'practice', '--step', 'enter-connector-password', '--connector', 'contoso.example', '--ad-ds', 'object-model'], person);
    assert.equal(code, 7);
    assert.ok(!bench.server.calls.includes('store-connector-password'));
    assert.equal((await bench.call(['run', 'practice', '--step', 'verify', '--ad-ds', 'wizard'])).code, 2);
  });

  it('asks the credential helper for an Enterprise Admin of that forest, and not for one of the tenant', async () => {
    using bench = new CliBench();
    bench.environment = { ENTRA_CONNECT_CREDENTIAL_HELPER: JSON.stringify(['/bin/sh', '-c', `tee -a '${join(bench.folder, 'asked')}' >/dev/null; echo '{"v":1,"userName":"CONTOSO\\\\ea","password":"ea-Passw0rd"}'`]) };
    await bench.call(['run', 'practice', '--step', 'enter-connector-password', '--connector', 'contoso.example', '--ad-ds', 'enterprise-admin', '--confirm', 'SYNC1']);
    assert.match(readFileSync(join(bench.folder, 'asked'), 'utf8'), /"purpose":"enterprise-admin","forest":"contoso\.example"/);
  });
});
