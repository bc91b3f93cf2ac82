import assert from 'node:assert/strict';
import { clockNote } from '../../../src/connect/clock-skew.ts';
import { diagnose } from '../../../src/connect/diagnosis.ts';
import { missing } from '../../../src/connect/fact.ts';
import { takeSnapshot } from '../../../src/connect/take-snapshot.ts';
import { eventBlocks } from '../../../src/connect/snapshot.ts';
import type { InvokeOptions, Pipeline, PipelineResult, PowerShellSession, RemoteErrorRecord, StreamRecord } from '../../../src/session.ts';

const record = (fact: string, value: string): StreamRecord => ({ stream: 'output', value: { kind: 'object', typeNames: [], toStringValue: undefined, properties: { fact, value }, value: undefined } });
const completed: PipelineResult = { state: 'completed', hadErrors: false, error: undefined, timings: { firstRecord: 1, total: 2 } };

/** A session whose pipeline plays a script; `calls` says what was invoked. */
function session(play: (signal: AbortSignal) => AsyncIterator<StreamRecord>, result: PipelineResult = completed): { session: PowerShellSession; calls: (InvokeOptions | undefined)[] } {
  const calls: (InvokeOptions | undefined)[] = [];
  const unused = (): never => { throw new Error('not part of reading a snapshot'); };
  return {
    calls,
    session: {
      peer: { psVersion: '5.1', edition: 'Desktop', protocolVersion: '2.3', computerName: 'SYNC1', transport: 'test', encryption: undefined },
      capabilities: { reconnect: false, maxFragment: 32_768 }, alive: true, closed: new Promise(() => undefined), [Symbol.asyncDispose]: unused,
      invoke(_script, options): Pipeline {
        calls.push(options);
        const signal = options?.signal;
        assert.ok(signal !== undefined);
        return { result: Promise.resolve(result), stop: unused, [Symbol.asyncIterator]: () => play(signal) };
      },
    },
  };
}

/** Ends the way a stopped pipeline does: as soon as the signal asks for it. */
const stopped = (signal: AbortSignal): Promise<void> => new Promise((resolve) => { signal.addEventListener('abort', () => { resolve(); }, { once: true }); });

async function* hangs(signal: AbortSignal): AsyncGenerator<StreamRecord> {
  yield record('server.computerName', 'SYNC1');
  await stopped(signal);
}

describe('taking a snapshot', () => {
  it('runs one pipeline and tells the server a limit below its own', async () => {
    const { session: opened, calls } = session(async function* () { await Promise.resolve(); yield record('server.computerName', 'SYNC1'); });
    const snapshot = await takeSnapshot(opened, { timeLimit: 50_000 });
    assert.equal(calls.length, 1);
    assert.deepEqual(calls[0]?.parameters, { TimeLimit: 45 });
    assert.deepEqual(snapshot.server.computerName, { known: true, value: 'SYNC1' });
    assert.equal(snapshot.machineId.known, false);
  });

  it('keeps what arrived when the time limit is over', async () => {
    const snapshot = await takeSnapshot(session(hangs, { ...completed, state: 'stopped' }).session, { timeLimit: 30 });
    assert.deepEqual(snapshot.server.computerName, { known: true, value: 'SYNC1' });
    assert.equal(!snapshot.machineId.known && snapshot.machineId.why, 'timed-out');
    assert.equal(snapshot.events.missing.size, eventBlocks.length);
  });

  it('keeps what arrived when the connection is lost, and says so', async () => {
    const { session: opened } = session(async function* () { yield record('server.computerName', 'SYNC1'); await Promise.resolve(); throw new Error('The connection was cut.'); });
    const snapshot = await takeSnapshot(opened);
    assert.deepEqual(snapshot.server.computerName, { known: true, value: 'SYNC1' });
    assert.deepEqual(snapshot.machineId, { known: false, why: 'failed', detail: 'The connection was cut.' });
  });

  it('rejects when the connection is lost before anything came', async () => {
    const { session: opened } = session(async function* () { await Promise.resolve(); throw new Error('The connection was cut.'); });
    await assert.rejects(takeSnapshot(opened), /The connection was cut/);
  });

  it('rejects when it is cancelled, also when something came already', async () => {
    const controller = new AbortController();
    const { session: opened } = session(async function* (signal) { yield record('server.computerName', 'SYNC1'); controller.abort(new Error('no longer wanted')); await Promise.resolve(signal); });
    await assert.rejects(takeSnapshot(opened, { signal: controller.signal }), /no longer wanted/);
  });

  it('says what the server said where the script failed', async () => {
    const error: RemoteErrorRecord = {
      message: 'This script contains malicious content', fullyQualifiedErrorId: 'ScriptContainedMaliciousContent', category: { category: '', activity: '', reason: '', targetName: '', targetType: '' },
      exceptionType: '', hresult: undefined, target: undefined, script: undefined, scriptStackTrace: undefined, inner: [], recommendedAction: undefined,
    };
    const { session: opened } = session(async function* () { await Promise.resolve(); yield* [] as StreamRecord[]; }, { ...completed, state: 'failed', error });
    const { machineId } = await takeSnapshot(opened);
    assert.deepEqual(machineId, { known: false, why: 'script-blocked', detail: 'This script contains malicious content' });
    const { session: again, calls } = session(async function* () { await Promise.resolve(); yield* [] as StreamRecord[]; }, { ...completed, state: 'failed', error });
    const [found] = diagnose(await takeSnapshot(again));
    assert.deepEqual([found?.id, found?.plan, calls.length], ['cannot-tell', 'manual', 1]);
    assert.match(found?.title ?? '', /malware protection blocked the script/);
    assert.match(found?.advice ?? '', /never disguised.*runbook/);
  });

  it('sets the server\'s clock beside this machine\'s, and says so beyond five minutes; nothing is found because of it', async () => {
    const server = '2026-10-06T12:00:00.0000000Z';
    for (const [minutes, says] of [[0, undefined], [5, undefined], [6, /6 minutes behind this machine/], [-6, /6 minutes ahead of this machine/], [600, /10 hours behind/]] as const) {
      const { session: opened } = session(async function* () { await Promise.resolve(); yield record('server.clock', server); });
      const snapshot = await takeSnapshot(opened, { now: () => Date.parse(server) + minutes * 60_000 });
      const note = clockNote(snapshot);
      if (says === undefined) assert.equal(note, undefined);
      else assert.match(note ?? '', says);
      assert.deepEqual(diagnose(snapshot), diagnose({ ...snapshot, server: { ...snapshot.server, clockSkew: missing('not-asked') } }));
    }
    const { session: unasked } = session(async function* () { await Promise.resolve(); yield record('server.clock', server); });
    assert.equal(clockNote(await takeSnapshot(unasked)), undefined);
  });
});
