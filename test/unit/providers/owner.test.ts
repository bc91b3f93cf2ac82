import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../../src/connect/finding.ts';
import type { Plan } from '../../../src/connect/plan.ts';
import type { RunRecord } from '../../../src/connect/run-record.ts';
import type { RunResult } from '../../../src/connect/run-events.ts';
import type { Run, RunOptions } from '../../../src/connect/run.ts';
import { changeRecord } from '../../../src/connect/report/change-record.ts';
import { writeTicket } from '../../../src/connect/report/ticket.ts';
import type { AdDsWay } from '../../../src/connect/step.ts';
import type { Snapshot } from '../../../src/connect/snapshot.ts';
import { systemClock } from '../../../src/providers/clock.ts';
import { Semaphore } from '../../../src/providers/semaphore.ts';
import type { Domain } from '../../../src/providers/server/domain.ts';
import { reduceRun } from '../../../src/providers/server/reduceRun.ts';
import { Journals } from '../../../src/storage/journals.ts';
import { ServerOwner, type OwnerServices } from '../../../src/providers/server/owner.ts';
import type { Reporter } from '../../../src/providers/server/reporter.ts';
import { isRunning, type RunSummary } from '../../../src/providers/server/state.ts';
import type { ServerConnection } from '../../../src/session.ts';
import { deferred, failure, FakeConnection, FakeSession } from './fakes.ts';

const finding: Finding = { id: 'key-lost', severity: 'error', title: 'Lost', detail: '', evidence: [], ruledOut: [], advice: '', plan: 'full-abandonment', target: undefined };
const plan: Plan = { id: 'full-abandonment', title: 'Abandon', findings: ['key-lost'], why: '', instructions: [], refused: undefined, steps: [{ step: 'abandon-key', target: undefined, title: 'Abandon the key', note: undefined }] };
const snapshot = {} as Snapshot;
const quiet = (): void => undefined;

/** A domain whose runs end when the test says so. */
function makeDomain(): { domain: Domain; runs: { options: RunOptions; end: (state: RunResult['state']) => void; cancelled: () => number; tickets: string[] }[]; read: () => number; mayCancel: { value: boolean }; unfinished: { value: RunRecord | undefined } } {
  const runs: ReturnType<typeof makeDomain>['runs'] = [];
  const mayCancel = { value: true };
  const unfinished: { value: RunRecord | undefined } = { value: undefined };
  let read = 0;
  return {
    runs, mayCancel, unfinished, read: () => read,
    domain: {
      takeSnapshot: async (session) => {
        read++;
        for await (const record of session.invoke('read')) assert.ok(record.stream);
        return snapshot;
      },
      diagnose: () => [finding], plansFor: () => [plan], planById: () => plan, unfinishedRun: () => unfinished.value, lockHolder: () => undefined, writeTicket, reduceRun,
      startRun: (options): Run => {
        const done = deferred<RunResult>();
        let cancelled = 0;
        const tickets: string[] = [];
        options.onEvent({ at: 0, kind: 'started', run: options.id, server: 'A', plan });
        runs.push({ options, tickets, cancelled: () => cancelled, end: (state) => {
          const result: RunResult = { run: options.id, plan: plan.id, state, touched: false, steps: [], refused: null, message: 'That was it.' };
          options.onEvent({ at: 1, kind: 'ended', result });
          done.resolve(result);
        } });
        return { id: options.id, result: done.promise, checkNow: quiet, setTicket: (ticket) => { tickets.push(ticket); return Promise.resolve(); }, leave: () => Promise.resolve(false), cancel: () => {
          if (!mayCancel.value) return { accepted: false, why: 'the key is being abandoned.' };
          cancelled++;
          return { accepted: true };
        } };
      },
    },
  };
}

function make(open: (signal: AbortSignal) => Promise<ServerConnection> = () => Promise.resolve(new FakeConnection()), journals = new Journals(join(tmpdir(), 'never-written'))): {
  owner: ServerOwner; told: string[]; history: RunSummary[]; seen: (() => void)[]; asked: string[]; way: { value: AdDsWay | undefined }; offered: () => number;
} & ReturnType<typeof makeDomain> {
  const made = makeDomain();
  const told: string[] = [];
  const seen: (() => void)[] = [];
  const asked: string[] = [];
  const way: { value: AdDsWay | undefined } = { value: 'guided' };
  const history: RunSummary[] = [];
  let offered = 0;
  const reporter: Reporter = {
    connection: (_server, state) => told.push(state.kind), begin: (heading) => told.push(`begin ${heading}`), end: (code) => told.push(`end ${code}`),
    record: (record) => told.push(`${record.stream} ${typeof record.value === 'string' ? record.value : ''}`), findings: (findings) => told.push(`findings ${findings.map((f) => f.id).join()}`),
    problem: (problem) => told.push(`problem ${problem.message}`), cancelled: () => told.push('cancelled'), interrupted: (why) => told.push(`interrupted ${why ?? 'accepted'}`),
    run: (event) => told.push(`run ${event.kind}`), print: quiet, reveals: quiet, show: quiet, dispose: quiet,
  };
  const services: OwnerServices = {
    open: (_target, _prompts, signal) => open(signal),
    prompts: () => Promise.resolve({ trustHostKey: () => Promise.resolve(false), trustCertificate: () => Promise.resolve(false), password: () => Promise.resolve(undefined), passphrase: () => Promise.resolve(undefined), connected: () => { offered++; return Promise.resolve(); } }),
    person: () => Promise.resolve({ confirm: () => Promise.resolve(true), secret: () => Promise.resolve(undefined), credential: () => Promise.resolve(undefined), text: () => Promise.resolve(undefined), choose: () => Promise.resolve(undefined), waitFor: () => Promise.resolve('check' as const), finished: () => Promise.resolve(), adDsWay: (work) => { asked.push(work.kind); return Promise.resolve(way.value); } }),
    domain: () => Promise.resolve(made.domain), journals, clock: systemClock,
    pins: () => ({ get: () => Promise.resolve(undefined), set: () => Promise.resolve() }), holder: () => ({ who: 'w', host: 'h', client: 'c' }), newId: () => `run-${made.runs.length + 1}`,
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet }, gate: new Semaphore(2),
    history: { load: () => history, add: (_key, run) => history.unshift(run) },
  };
  const target = { name: 'A', host: 'h', transport: 'ssh' as const, port: undefined, user: 'u', identityFile: undefined };
  return { ...made, told, history, seen, asked, way, offered: () => offered, owner: new ServerOwner({ key: 'k', name: 'A', file: '/fleet.connect.yaml', target, claims: {} }, services, reporter, () => { for (const look of seen) look(); }) };
}

/** Lets everything that is ready run. */
const settled = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

describe('owner of a server', () => {
  it('shows what the diagnosis streams, between marks, then what it found', async () => {
    const { owner, told } = make(() => Promise.resolve(new FakeConnection(() => new FakeSession([{ stream: 'warning', value: 'slow' }]))));
    assert.equal(await owner.connect(), true);
    assert.equal(await owner.diagnose(), true);
    assert.deepEqual(told, ['connecting', 'connected', 'begin Diagnose', 'warning slow', 'findings key-lost', 'end 0']);
    assert.deepEqual(owner.state.diagnosis?.findings, [finding]);
    assert.equal(owner.state.diagnosing, false);
  });

  it('offers to keep what was typed only after the connection proved it', async () => {
    const good = make();
    await good.owner.connect();
    assert.equal(good.offered(), 1);
    const bad = make(() => Promise.reject(new Error('refused')));
    await bad.owner.connect();
    assert.equal(bad.offered(), 0);
  });

  it('shares one diagnosis between all who ask for it', async () => {
    const { owner, read } = make();
    await Promise.all([owner.diagnose(), owner.diagnose()]);
    assert.equal(read(), 1);
  });

  it('keeps the failure for the tree and tells the terminal, without throwing', async () => {
    const { owner, told } = make(() => Promise.reject(Object.assign(new Error('x'), { failure: failure('Port 22 is closed.') })));
    assert.equal(await owner.diagnose(), false);
    assert.ok(told.includes('problem Port 22 is closed.'), told.join());
    assert.equal(owner.state.problem?.remedy, 'Connect again.');
  });

  it('cancels a connection attempt', async () => {
    const { owner, told } = make((signal) => new Promise((_resolve, reject) => { signal.addEventListener('abort', () => { reject(new DOMException('x', 'AbortError')); }); }));
    const attempt = owner.connect();
    await settled();
    owner.cancel();
    assert.equal(await attempt, false);
    assert.equal(told.at(-1), 'cancelled');
    assert.equal(owner.state.connection.kind, 'disconnected');
  });

  it('runs one plan at a time, and reads the server again afterwards', async () => {
    const { owner, runs, read, history } = make();
    const first = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    const second = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    assert.equal(await second, false);
    while (runs.length === 0) await settled();
    assert.equal(await owner.run({ kind: 'step', step: 'verify', target: undefined }), false);
    assert.equal(await owner.diagnose(), false);
    const before = read();
    runs[0]!.end('done');
    assert.equal(await first, true);
    assert.equal(runs.length, 1);
    assert.equal(read(), before + 1);
    assert.deepEqual(history.map((run) => [run.id, run.title, run.state, run.message]), [['run-1', 'Abandon', 'done', 'That was it.']]);
  });

  it('never shows its own run as somebody\'s work under way once that is over', async () => {
    const { owner, runs, unfinished, seen } = make();
    const going = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    const { options, end } = runs[0]!;
    unfinished.value = { id: options.id } as RunRecord;
    options.onEvent({ at: 0, kind: 'diagnosed', snapshot, findings: [finding] });
    unfinished.value = undefined;
    assert.equal(owner.state.diagnosis?.unfinished?.id, options.id);
    const shown: unknown[] = [];
    seen.push(() => { if (!isRunning(owner.state)) shown.push(owner.state.diagnosis?.unfinished); });
    end('done');
    await going;
    assert.ok(shown.length > 0);
    assert.deepEqual(shown.filter((one) => one !== undefined), []);
  });

  it('enters connector passwords in the way that the person chose for this run, and begins none where nothing was chosen', async () => {
    const { owner, runs, asked, way } = make();
    way.value = undefined;
    assert.equal(await owner.run({ kind: 'step', step: 'enter-connector-password', target: 'contoso.com' }), true);
    assert.deepEqual([runs.length, owner.state.run], [0, undefined]);
    way.value = 'object-model';
    const going = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    assert.deepEqual([runs[0]!.options.adDs, asked], ['object-model', ['step', 'plan']]);
    runs[0]!.end('done');
    await going;
    const shown = owner.state.run;
    way.value = undefined;
    assert.equal(await owner.run({ kind: 'plan', plan: 'full-abandonment' }), true);
    assert.deepEqual([runs.length, owner.state.run], [1, shown]);
    assert.notEqual(shown, undefined);
  });

  it('does not read the server again after a run that was refused', async () => {
    const { owner, runs, read } = make();
    const run = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    const before = read();
    runs[0]!.end('refused');
    await run;
    assert.equal(read(), before);
  });

  it('passes Ctrl+C to the run, and says why when the run cannot stop now', async () => {
    const { owner, runs, told, mayCancel } = make();
    const run = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    mayCancel.value = false;
    assert.equal(owner.cancel(), 'the key is being abandoned.');
    assert.equal(owner.cancel(), 'the key is being abandoned.');
    assert.equal(runs[0]!.cancelled(), 0);
    assert.ok(told.includes('interrupted the key is being abandoned.'));
    mayCancel.value = true;
    assert.equal(owner.cancel(), undefined);
    assert.equal(runs[0]!.cancelled(), 1);
    runs[0]!.end('cancelled');
    await run;
  });

  it('goes on with the run that the server remembers, under its own id and with an entry of its own', async () => {
    const { owner, runs, unfinished } = make();
    unfinished.value = { id: 'aaaa', title: 'Abandon', plan: 'full-abandonment', steps: [], holder: 'alice on LAPTOP', computerName: 'A', machineId: '', started: '2026-10-05T00:00:00Z', updated: '2026-10-05T00:00:00Z', state: 'running', resumed: 'no', abandoned: false, abandonedSince: false, abandonedAt: undefined, whole: true, session: '' };
    const run = owner.run({ kind: 'resume' }, true);
    while (runs.length === 0) await settled();
    const { options } = runs[0]!;
    assert.deepEqual([options.id, options.takeOver, options.work], ['aaaa', true, { kind: 'resume', record: unfinished.value, entry: 'run-1' }]);
    assert.equal(owner.state.run?.title, 'Abandon');
    runs[0]!.end('done');
    await run;
  });

  it('has nothing to go on with where the server remembers nothing', async () => {
    const { owner, runs } = make();
    assert.equal(await owner.run({ kind: 'resume' }), true);
    assert.equal(runs.length, 0);
    assert.equal(owner.state.run, undefined);
  });

  it('calls a diagnosis off without touching a run', async () => {
    const { owner, runs } = make();
    const run = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    owner.cancelDiagnosis();
    assert.equal(runs[0]!.cancelled(), 0);
    runs[0]!.end('done');
    await run;
  });

  it('never disconnects or moves a server while a run holds it', async () => {
    const connection = new FakeConnection();
    const { owner, runs } = make(() => Promise.resolve(connection));
    const run = owner.run({ kind: 'plan', plan: 'full-abandonment' });
    while (runs.length === 0) await settled();
    assert.equal(await owner.disconnect(), false);
    await owner.update({ ...owner.server, target: { ...owner.server.target, host: 'elsewhere' } });
    assert.equal(owner.server.target.host, 'h');
    const disposed = owner.dispose();
    await settled();
    assert.equal(connection.alive, true);
    runs[0]!.end('done');
    await run;
    await disposed;
    assert.equal(connection.alive, false);
  });
});

describe('the ticket number of a run', () => {
  it('goes to the run under way itself, which counts its journal\'s entries', async () => {
    const { owner, runs } = make();
    const running = owner.run({ kind: 'step', step: 'verify', target: undefined });
    while (runs.length === 0) await settled();
    await owner.setTicket('run-1', 'CHG0042');
    assert.deepEqual(runs[0]!.tickets, ['CHG0042']);
    runs[0]!.end('done');
    await running;
  });

  it('of a run that is over is appended to its journal, and its change record shows the newest', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ticket-'));
    try {
      const journals = new Journals(folder);
      const run = '0f0f0f0f-0000-4000-8000-000000000000';
      await journals.sink(run).append(JSON.stringify({ v: 1, seq: 7, at: '2026-10-06T00:00:00.000Z', run, event: 'run-started', data: { server: 'A', plan: 'planned-change', ticket: 'CHG1' } }));
      const { owner } = make(undefined, journals);
      await owner.setTicket(run, 'CHG0042');
      const lines = await journals.read(run);
      assert.match(lines[1] ?? '', /^\{"v":1,"seq":8,.*"event":"ticket","data":\{"ticket":"CHG0042","holder":"w","host":"h"\}\}$/);
      assert.match(changeRecord(lines), /\*\*Ticket\*\*: CHG0042/);
      await assert.rejects(owner.setTicket('1f0f0f0f-0000-4000-8000-000000000000', 'CHG1'));
      assert.deepEqual(await journals.list(), [run]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
