import assert from 'node:assert/strict';
import type { RunRecord } from '../../src/connect/run-record.ts';
import { missing } from '../../src/connect/fact.ts';
import { readSnapshot } from '../../src/connect/read-snapshot.ts';
import { diagnoseFleet } from '../../src/providers/commands/diagnoseFleet.ts';
import { systemClock } from '../../src/providers/clock.ts';
import { loadDomain } from '../../src/providers/server/domain.ts';
import type { Domain } from '../../src/providers/server/domain.ts';
import type { VirtualDocuments } from '../../src/providers/virtualDocuments.ts';
import { FakeConnection } from '../unit/providers/fakes.ts';
import { serversFile, testFleet } from './support/fleet.ts';

const record: RunRecord = {
  id: '0f0f0f0f-0000-4000-8000-000000000000', title: 'Give the service its password', plan: 'service-password', steps: [{ step: 'start-service', target: undefined, purpose: undefined, always: false, state: 'running' }],
  holder: 'alice on LAPTOP', computerName: 'A', machineId: '', started: '2026-10-05T00:00:00Z', updated: '2026-10-05T00:00:00Z', state: 'running', resumed: 'no', abandoned: false, abandonedSince: false, abandonedAt: undefined, whole: true, session: '',
};
const entry = { id: 'x', who: 'alice', host: 'LAPTOP', run: record.id, held: true, created: 0, heartbeat: 0, leaseMilliseconds: 120_000, bootTime: 0, takenBy: '' };

/** The real domain, whose snapshots are empty and whose server remembers a run; `held`: by a client that is alive. */
async function domainOf(held: boolean, started: unknown[]): Promise<Domain> {
  const real = await loadDomain();
  return {
    ...real, takeSnapshot: () => Promise.resolve(readSnapshot([], missing('failed'))), unfinishedRun: () => record,
    lockHolder: () => held ? { entry, reading: { entries: [entry], now: 5000, bootTime: 0 } } : undefined,
    startRun: (options) => {
      started.push({ work: options.work.kind, id: options.id, takeOver: options.takeOver });
      return { id: options.id, cancel: () => ({ accepted: true }), leave: () => Promise.resolve(false), checkNow: () => undefined, setTicket: () => Promise.resolve(), result: Promise.resolve({ run: options.id, plan: 'service-password', state: 'refused', touched: false, steps: [], refused: null, message: 'No.' }) };
    },
  };
}

const person = { confirm: () => Promise.resolve(true), secret: () => Promise.resolve(undefined), credential: () => Promise.resolve(undefined), text: () => Promise.resolve(undefined), choose: () => Promise.resolve(undefined), waitFor: () => Promise.resolve('check' as const), finished: () => Promise.resolve(), adDsWay: () => Promise.resolve('guided' as const) };

describe('runs that were interrupted', () => {
  const open: { dispose(): void }[] = [];
  afterEach(() => { for (const one of open.splice(0)) one.dispose(); });

  for (const held of [false, true]) {
    it(`stand in the tree with ${held ? 'who holds the server, and are taken over' : 'what was left, and are resumed'} under their own id`, async () => {
      const started: unknown[] = [];
      const made = testFleet(serversFile('A'), () => Promise.resolve(new FakeConnection()), { domain: () => domainOf(held, started), person: () => Promise.resolve(person) });
      open.push(made);
      const [member] = made.fleet.members;
      assert.ok(member !== undefined);
      assert.equal(await member.owner.diagnose(), true);
      const [server] = await made.tree.getChildren();
      const items = (await made.tree.getChildren(server)).map((element) => made.tree.getTreeItem(element));
      const node = items.find((item) => item.contextValue === (held ? 'unfinished held' : 'unfinished'));
      assert.match(typeof node?.label === 'string' ? node.label : '', held ? /^In use by alice \(LAPTOP\)/ : /^Interrupted: Give the service its password/);
      await member.owner.run({ kind: 'resume' }, held);
      assert.deepEqual(started, [{ work: 'resume', id: record.id, takeOver: held }]);
    });
  }

  it('show up in the table of a fleet, beside a server that does not answer', async () => {
    const made = testFleet(serversFile('A', 'DEAD'), (target) => target.name === 'DEAD' ? Promise.reject(new Error('Nothing answers.')) : Promise.resolve(new FakeConnection()), { domain: () => domainOf(false, []) });
    open.push(made);
    let table: () => string | Promise<string> = () => '';
    const documents: Pick<VirtualDocuments, 'open'> = { open: (_name, source) => { table = () => source.text(); return Promise.resolve(); } };
    await diagnoseFleet(made.fleet.members, documents as VirtualDocuments, systemClock, { parallel: 8, patience: { milliseconds: 3000, slow: 56 } }, new AbortController());
    const text = await table();
    assert.match(text, /^.*1 read, 1 need action, 1 could not be read/m);
    assert.match(text, /DEAD.*could not be read/);
  });
});
