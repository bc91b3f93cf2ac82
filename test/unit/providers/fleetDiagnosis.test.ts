import assert from 'node:assert/strict';
import { known, missing } from '../../../src/connect/fact.ts';
import type { Finding } from '../../../src/connect/finding.ts';
import { FleetDiagnosis, type DiagnosedServer } from '../../../src/providers/fleetDiagnosis.ts';
import { fleetTable, type TableWords } from '../../../src/providers/fleetTable.ts';
import { Semaphore } from '../../../src/providers/semaphore.ts';
import { initialState, type ServerState } from '../../../src/providers/server/state.ts';
import { deferred } from './fakes.ts';

const clock = { time: 0, now(): number { return this.time; }, delay: () => Promise.resolve() };
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const never = { milliseconds: 2 ** 30, slow: 0 };

function finding(id: Finding['id'], severity: Finding['severity']): ServerState {
  const found: Finding = { id, severity, title: id, detail: '', evidence: [], ruledOut: [], advice: '', plan: undefined, target: undefined };
  return { ...initialState, diagnosis: { snapshot: { service: { state: missing('failed') }, installation: { build: known('2.5.190.0') } } as unknown as NonNullable<ServerState['diagnosis']>['snapshot'], findings: [found], plans: [], unfinished: undefined, held: undefined, at: 0 } };
}

/** A server whose reading ends when the test says so. */
function server(name: string, state = initialState): DiagnosedServer & { begun: boolean; cancelled: boolean; end: (read: boolean) => void } {
  const done = deferred<boolean>();
  const made = {
    name, group: undefined, begun: false, cancelled: false, state: () => state, end: done.resolve,
    diagnose: (): Promise<boolean> => { made.begun = true; return done.promise; },
    cancel: (): void => { made.cancelled = true; done.resolve(false); },
  };
  return made;
}

describe('diagnosis of many servers', () => {
  it('reads so many at once, and the next when one is over', async () => {
    const servers = ['A', 'B', 'C', 'D'].map((name) => server(name));
    const run = new FleetDiagnosis(servers, 2, never, clock, () => undefined).run(new AbortController().signal);
    await settled();
    assert.deepEqual(servers.map((one) => one.begun), [true, true, false, false]);
    servers[1]!.end(true);
    await settled();
    assert.deepEqual(servers.map((one) => one.begun), [true, true, true, false]);
    for (const one of servers) one.end(true);
    await run;
  });

  it('lets no dead server hold up another, however many there are', async () => {
    const dead = Array.from({ length: 5 }, (_, n) => server(`dead${n}`));
    const fine = server('fine');
    const diagnosis = new FleetDiagnosis([...dead, fine], 2, { milliseconds: 1, slow: 5 }, clock, () => undefined);
    const run = diagnosis.run(new AbortController().signal);
    while (!fine.begun) await settled();
    fine.end(true);
    while (diagnosis.rows.at(-1)?.state !== 'read') await settled();
    assert.ok(diagnosis.rows.slice(0, 5).every((row) => row.state === 'reading'));
    for (const one of dead) one.end(false);
    await run;
    assert.deepEqual(diagnosis.rows.map((row) => row.state), ['failed', 'failed', 'failed', 'failed', 'failed', 'read']);
  });

  it('cancelled: keeps what came, calls off what is under way, begins nothing more', async () => {
    const servers = ['A', 'B', 'C'].map((name) => server(name));
    const controller = new AbortController();
    const diagnosis = new FleetDiagnosis(servers, 2, never, clock, () => undefined);
    const run = diagnosis.run(controller.signal);
    servers[0]!.end(true);
    await settled();
    controller.abort();
    await run;
    assert.deepEqual(diagnosis.rows.map((row) => row.state), ['read', 'cancelled', 'cancelled']);
    assert.deepEqual(servers.map((one) => [one.begun, one.cancelled]), [[true, false], [true, true], [true, true]]);
  });
});

describe('places for tasks', () => {
  it('a task that takes long gives its place away only so often', async () => {
    const gate = new Semaphore(1, { milliseconds: 1, slow: 1 });
    const tasks = [deferred<undefined>(), deferred<undefined>(), deferred<undefined>()];
    const begun: number[] = [];
    const runs = tasks.map((task, n) => gate.run(() => { begun.push(n); return task.promise; }));
    while (begun.length < 2) await settled();
    // The second is as slow, but the one place for slow tasks is taken.
    for (let i = 0; i < 50; i++) await settled();
    assert.deepEqual(begun, [0, 1]);
    tasks[0]!.resolve(undefined);
    tasks[1]!.resolve(undefined);
    while (begun.length < 3) await settled();
    tasks[2]!.resolve(undefined);
    await Promise.all(runs);
    await gate.run(() => Promise.resolve());
  });
});

describe('table of many servers', () => {
  const words: TableWords = {
    title: 'Diagnosis', summary: (counts) => JSON.stringify(counts), columns: { server: 'Server', group: 'Group', found: 'Found', build: 'Build', service: 'Service', took: 'Took' },
    states: { waiting: 'waiting', reading: 'reading', failed: 'no', cancelled: 'cancelled' }, found: (row) => row.server.state().diagnosis?.findings[0]?.title ?? '',
  };
  const healthy = server('FINE', finding('healthy', 'ok'));
  const broken = server('BROKEN-01', finding('key-lost', 'error'));
  const silent = server('同期', { ...initialState, connection: { kind: 'failed', problem: { message: 'Port 22\u001b[2J is closed.\nReally.', remedy: '' } } });

  it('keeps its order while servers answer, and puts the most urgent first at the end', () => {
    const rows = [{ server: healthy, state: 'read', seconds: 1.25 }, { server: silent, state: 'failed', seconds: 9 }, { server: broken, state: 'reading', seconds: undefined }] as const;
    const names = (text: string): string[] => text.split('\n').slice(5, -1).map((line) => line.split(' ')[0] ?? '');
    assert.deepEqual(names(fleetTable(rows, words)), ['FINE', '同期', 'BROKEN-01']);
    const done = fleetTable(rows.map((row) => row.state === 'reading' ? { ...row, state: 'read' as const, seconds: 2 } : row), words);
    assert.deepEqual(names(done), ['BROKEN-01', '同期', 'FINE']);
    assert.ok(done.includes('{"read":2,"action":1,"failed":1,"open":0}'));
  });

  it('says why a server could not be read, on one line, and nothing of it steers the editor', () => {
    const text = fleetTable([{ server: silent, state: 'failed', seconds: 9 }], words);
    assert.match(text, /no: Port 22.*is closed\. Really\./);
    assert.doesNotMatch(text, /\u001b/);
  });
});
