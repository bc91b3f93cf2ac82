import assert from 'node:assert/strict';
import type { PlannedStep } from '../../../src/connect/plan.ts';
import { RecordKeeper } from '../../../src/connect/record-keeper.ts';
import { ServerLink } from '../../../src/connect/server-link.ts';
import { FakeClient } from './fake-client.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeServer } from './fake-server.ts';
import { lost } from './fake-session.ts';

const run = '11111111-2222-4333-8444-555555555555';
const steps = (['pause-scheduler', 'restart-service', 'restore-scheduler'] as const).map((step): PlannedStep => ({ step, target: undefined, title: step, note: undefined }));

/** Gives a client the lock, and takes it from everybody else. */
function lock(server: FakeServer, entry: string): void {
  for (const other of server.locks.values()) other['takenBy'] = entry;
  server.locks.set(entry, { state: 'held', takenBy: '', heartbeat: new Date(server.clock.time).toISOString(), leaseSeconds: '120', bootTime: new Date(server.clock.time).toISOString() });
}

/** A client's record of the one run on a server. */
function keeper(server: FakeServer, entry: string, holds = (): boolean => true): { keeper: RecordKeeper; client: FakeClient; warnings: string[] } {
  const client = new FakeClient(server, entry);
  lock(server, entry);
  const warnings: string[] = [];
  return { client, warnings, keeper: new RecordKeeper(new ServerLink(client, server.clock, () => undefined), { run, entry, holds, warn: (text) => warnings.push(text) }) };
}

const recorded = (server: FakeServer): Readonly<Record<string, string>> => server.runRecords.get(run) ?? assert.fail('nothing is on record');

describe('the record of a run on its server', () => {
  it('is the one\'s who went on with it last: what an earlier client still writes is refused, and told', async () => {
    const server = new FakeServer(new FakeClock());
    const alice = keeper(server, 'alice');
    await alice.keeper.begin({ State: 'running' }, steps);
    const bob = keeper(server, 'bob');
    await bob.keeper.begin({ State: 'running' });
    await bob.keeper.plan(steps.slice(1), { Plan: 'credentials-only' });
    await bob.keeper.end('done');
    const before = { ...recorded(server) };
    await alice.keeper.step(steps, 1, 'refused');
    await alice.keeper.end('refused');
    assert.deepEqual(recorded(server), before);
    assert.match(alice.warnings.join('\n'), /Another client goes on with this run/);
    assert.deepEqual(bob.warnings, []);
  });

  it('is not begun by one who lost the lock before, without knowing', async () => {
    const server = new FakeServer(new FakeClock());
    const alice = keeper(server, 'alice');
    const bob = keeper(server, 'bob');
    await bob.keeper.begin({ State: 'running' }, steps);
    await bob.keeper.end('done');
    await alice.keeper.begin({ State: 'running' });
    await alice.keeper.plan(steps.slice(1), {});
    assert.deepEqual([recorded(server)['State'], recorded(server)['Steps'], recorded(server)['Entry']], ['done', '3', 'bob']);
    assert.match(alice.warnings.join('\n'), /lock/);
  });

  it('is left alone by a client that knows it has lost the lock', async () => {
    const server = new FakeServer(new FakeClock());
    let holds = true;
    const { keeper: kept, client, warnings } = keeper(server, 'alice', () => holds);
    await kept.begin({ State: 'running' }, steps);
    holds = false;
    const { calls } = client;
    await kept.end('refused');
    assert.equal(client.calls, calls);
    assert.equal(recorded(server)['State'], 'running');
    assert.deepEqual(warnings, []);
  });

  it('keeps the steps of the run that is gone on with until the new ones are said', async () => {
    const server = new FakeServer(new FakeClock());
    await keeper(server, 'alice').keeper.begin({ State: 'running' }, steps);
    const { keeper: bob } = keeper(server, 'bob');
    await bob.begin({ State: 'running' });
    assert.equal(recorded(server)['Steps'], '3');
    await bob.plan(steps.slice(1), {});
    assert.deepEqual([recorded(server)['Steps'], recorded(server)['Step 01']], ['2', 'pending|restart-service|||']);
  });

  it('gets everything with the next writing where one was lost, so that no step stands among another client\'s', async () => {
    const server = new FakeServer(new FakeClock());
    await keeper(server, 'alice').keeper.begin({ State: 'running', Plan: 'planned-change' }, steps);
    const { keeper: bob, client } = keeper(server, 'bob');
    let away = true;
    client.hook = (): void => { if (away) throw lost(); };
    await bob.begin({ State: 'running', Holder: 'bob' });
    await bob.plan(steps.slice(1), { Plan: 'credentials-only' });
    assert.equal(recorded(server)['Plan'], 'planned-change');
    away = false;
    await bob.step(steps.slice(1), 0, 'running');
    assert.deepEqual(['Holder', 'Plan', 'Steps', 'Step 01', 'Step 02'].map((name) => recorded(server)[name]), ['bob', 'credentials-only', '2', 'running|restart-service|||', 'pending|restore-scheduler|||']);
  });
});
