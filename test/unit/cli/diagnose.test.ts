import assert from 'node:assert/strict';
import { CliBench } from './cli-bench.ts';

interface Diagnosed {
  readonly summary: object;
  readonly servers: readonly { readonly name: string; readonly state: string; readonly findings: readonly { readonly id: string }[]; readonly plans: readonly { readonly id: string }[]; readonly error: { readonly message: string; readonly remedy: string } | null }[];
}

describe('diagnose', () => {
  it('tells healthy, needing attention and dead servers apart, in the order of the file; a dead one delays no other', async () => {
    using bench = new CliBench('alpha', 'dead', 'gamma');
    bench.dead.add('dead');
    bench.servers.get('gamma')?.wrongScmPassword();
    const found = await bench.json<Diagnosed>(['diagnose']);
    assert.equal(found.code, 4);
    assert.deepEqual(found.summary, { servers: 3, healthy: 1, attention: 1, unreachable: 1 });
    assert.deepEqual(found.servers.map(({ name, state, findings, plans }) => [name, state, findings[0]?.id, plans[0]?.id]), [
      ['alpha', 'healthy', 'healthy', undefined], ['dead', 'unreachable', undefined, undefined], ['gamma', 'attention', 'stale-scm-password', 'service-password'],
    ]);
    assert.deepEqual(found.servers[1]?.error, { message: 'dead: Nothing answers.', remedy: 'Look at the network.' });
    assert.equal((await bench.call(['diagnose', 'alpha'])).code, 0);
    assert.equal((await bench.call(['diagnose', 'alpha', 'gamma'])).code, 3);
  });

  it('connects to as many at a time as it may, and closes every connection', async () => {
    using bench = new CliBench(...Array.from({ length: 9 }, (_, index) => `server${index}`));
    await bench.call(['diagnose', '--parallel', '3']);
    assert.deepEqual([bench.mostOpen, bench.open], [3, 0]);
  });

  it('changes nothing', async () => {
    using bench = new CliBench();
    await bench.call(['diagnose']);
    assert.deepEqual([...new Set(bench.server.calls)], ['snapshot']);
  });

  it('lets nothing of a server steer a terminal or break the document', async () => {
    using bench = new CliBench();
    bench.server.computerName = 'SYNC1\u001b[2J\u009b2J\u202eX\nfake line';
    const text = await bench.call(['diagnose']);
    assert.doesNotMatch(text.out + text.err, /[\u001b\u009b\u202e]/);
    const json = await bench.call(['diagnose', '--json']);
    assert.doesNotMatch(json.out, /[\u001b\u009b\u202e]/);
    assert.equal((JSON.parse(json.out) as { servers: { computerName: string }[] }).servers[0]?.computerName, bench.server.computerName);
  });

  it('ends at once when it is interrupted, with the code that shells use', async () => {
    for (const [signal, expected] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]] as const) {
      using bench = new CliBench();
      bench.server.before_ = () => { bench.interrupt(signal); };
      const { code, out, err } = await bench.call(['diagnose']);
      assert.deepEqual([code, out, bench.open], [expected, '', 0]);
      assert.match(err, /Interrupted/);
    }
  });
});
