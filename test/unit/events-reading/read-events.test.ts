import assert from 'node:assert/strict';
import { findingIds } from '../../../src/connect/ids.ts';
import { findingsSuggestedBy } from '../../../src/connect/event-remedies.ts';
import { filterOfFinding, findingEvents, findingsWithoutEvents } from '../../../src/events/finding-presets.ts';
import { presets, presetsOf } from '../../../src/events/presets.ts';
import { EventAnswerInvalid, EventReadFailed } from '../../../src/events/reading/errors.ts';
import type { LogReading } from '../../../src/events/reading/log-reading.ts';
import { selectionXml, type LogSelection } from '../../../src/events/reading/log-selection.ts';
import { readEvents } from '../../../src/events/reading/read-events.ts';
import { splitValues } from '../../../src/events/reading/values-text.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { PSValue } from '../../../src/session.ts';
import { batch, begin, end, object, ScriptedSession, type Event } from './scripted-session.ts';

const system: LogSelection = { log: 'System' };
const run = (from: number, count: number): Event[] => Array.from({ length: count }, (_, i) => ({ record: from - i, message: `message ${from - i}`, data: '|a|b' }));

async function all(session: ScriptedSession, logs: readonly LogSelection[] = [system], signal?: AbortSignal): Promise<LogReading[]> {
  const read: LogReading[] = [];
  for await (const reading of readEvents(session, logs, { signal, firstPage: 2 })) read.push(reading);
  return read;
}

describe('reading event logs', () => {
  it('gives columns with their record ids, exact times, texts and values', async () => {
    const ticks = 17_950_000_001_234_567n;
    const session = new ScriptedSession(() => [begin('System', { count: 3, oldest: 5 }), batch('System', [
      { record: 7, ticks, id: 7038, provider: 'Service Control Manager', message: 'said', data: '|ADSync|CONTOSO\\svc' }, { record: 6, ticks: ticks - 1n, data: '%a%7Cb|100%25' }, { record: 5, ticks: ticks - 30_000_001n, message: 'said' },
    ]), end('System', 3)]);
    const [reach, columns, ended] = await all(session);
    assert.deepEqual(reach, { kind: 'reach', reach: { log: 'System', count: 3, oldest: 5, newest: 7, enabled: true, circular: true } });
    assert.deepEqual(columns, { kind: 'batch', batch: {
      log: 'System', recordId: [7, 6, 5], time: [1_795_000_000_123.4567, 1_795_000_000_123.4566, 1_794_999_997_123.4566], id: [7038, 7036, 7036], level: [4, 4, 4],
      provider: ['Service Control Manager', 'ADSync', 'ADSync'], message: ['said', undefined, 'said'], data: [['ADSync', 'CONTOSO\\svc'], ['a|b', '100%'], []],
    } });
    assert.deepEqual(ended, { kind: 'end', end: { log: 'System', outcome: 'read', detail: '', rows: 3, unformatted: 0 } });
  });

  it('asks for the newest of every log before the rest of any, and for no event twice', async () => {
    const session = new ScriptedSession(
      () => [begin('System'), batch('System', run(10, 2)), end('System', 2), begin('Security'), end('Security', 0, 'denied', 'no'), begin('Application'), batch('Application', run(4, 1)), end('Application', 1)],
      () => [begin('System'), batch('System', run(8, 3)), end('System', 3)],
    );
    const read = await all(session, [system, { log: 'Security' }, { log: 'Application' }]);
    assert.deepEqual(read.map((reading) => (reading.kind === 'batch' ? reading.batch.recordId : reading.kind === 'end' ? `${reading.end.log} ${reading.end.outcome} ${reading.end.rows}` : reading.reach.log)),
      ['System', [10, 9], 'Security', 'Security denied 0', 'Application', [4], 'Application read 1', [8, 7, 6], 'System read 5']);
    assert.match((session.calls[1]?.parameters?.['Query'] as string[])[0] ?? '', /EventRecordID &lt;= 8/);
  });

  const hostile: Readonly<Record<string, Readonly<Record<string, PSValue>>>> = {
    'a column that is too short': { id: '1' }, 'one that is too long': { level: '1 2 3' }, 'no number': { id: '1 x' }, 'an id beyond 65,535': { id: '1 65536' }, 'a level beyond a byte': { level: '1 256' },
    'a record id below zero': { recordId: '1 -5' }, 'one that no number holds': { recordId: '9007199254740993 1' }, 'a time before Windows': { time: '1 1' }, 'a text that is not there': { message: '0 99' }, 'a provider without text': { provider: '-1 0' },
    'texts that are none': { texts: [1, 2] }, 'no list of texts': { texts: 'x' }, 'a text without an end': { texts: ['x'.repeat(65_537), 'y', 'z'] }, 'more texts than columns hold': { texts: Array.from({ length: 7 }, String) },
    'no rows': { rows: 0 }, 'more rows than a record holds': { rows: 501 }, 'rows that are no number': { rows: 'many' }, 'the column of another type': { time: 5 }, 'another log': { log: 'Security' }, 'another kind': { kind: 'surprise' },
  };
  for (const [name, change] of Object.entries(hostile)) {
    it(`does not believe ${name}, and stops the pipeline`, async () => {
      const session = new ScriptedSession(() => [begin('System'), batch('System', run(5, 2), change), end('System')]);
      await assert.rejects(all(session), EventAnswerInvalid);
      assert.equal(session.stops, 1);
    });
  }

  it('does not believe records out of order, of no kind, or an end that does not come', async () => {
    for (const records of [[batch('System', run(1, 1))], [begin('System'), begin('System')], [end('System')], ['text'], [object({})], [begin('System')], []]) {
      await assert.rejects(all(new ScriptedSession(() => records)), EventAnswerInvalid, JSON.stringify(records, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)).slice(0, 80));
    }
  });

  it('keeps halves of surrogate pairs, control characters and text of either direction as they came', async () => {
    const message = '\ud800 \u0007 \u202eabc\u202c שלום \u001f 終';
    const [, columns] = await all(new ScriptedSession(() => [begin('System'), batch('System', [{ record: 1, message, data: `|${message}` }]), end('System', 1)]));
    assert.ok(columns?.kind === 'batch');
    assert.equal(columns.batch.message[0], message);
    assert.deepEqual(columns.batch.data[0], [message]);
  });

  it('rejects with the session\'s own failure, after what had come', async () => {
    const failure = new RemoteError({ reason: 'connection-lost', server: 'SYNC1', message: 'The connection was reset.', remedy: 'Connect again.' });
    const session = new ScriptedSession(function* () { yield begin('System'); yield batch('System', run(2, 2)); throw failure; });
    const read: LogReading[] = [];
    await assert.rejects(async () => { for await (const reading of readEvents(session, [system])) read.push(reading); }, (error) => error === failure);
    assert.deepEqual(read.map(({ kind }) => kind), ['reach', 'batch']);
  });

  it('rejects with the signal\'s reason when it is cancelled, and asks nothing when it was before', async () => {
    const controller = new AbortController();
    const session = new ScriptedSession(function* () { yield begin('System'); controller.abort(new Error('no longer wanted')); yield batch('System', run(2, 2)); yield end('System'); });
    await assert.rejects(all(session, [system], controller.signal), /no longer wanted/);
    assert.equal(session.calls[0]?.signal, controller.signal);
    await assert.rejects(all(session, [system], controller.signal), /no longer wanted/);
    assert.equal(session.calls.length, 1);
  });

  it('stops the pipeline when nobody takes more, and takes no more than that', async () => {
    const session = new ScriptedSession(function* () { yield begin('System'); for (let i = 100; ; i--) yield batch('System', run(i + 1, 1)); });
    for await (const reading of readEvents(session, [system])) if (reading.kind === 'batch') break;
    assert.equal(session.stops, 1);
    assert.equal(session.taken, 2);
  });

  it('says what the server said where the script failed', async () => {
    const session = new ScriptedSession(() => []);
    session.error = { message: 'nothing works', fullyQualifiedErrorId: '', category: { category: '', activity: '', reason: '', targetName: '', targetType: '' }, exceptionType: '', hresult: undefined, target: undefined, script: undefined, scriptStackTrace: undefined, inner: [], recommendedAction: undefined };
    const failed = new ScriptedSession(() => []);
    failed.invoke = () => ({ result: Promise.resolve({ state: 'failed', hadErrors: true, error: session.error, timings: { firstRecord: undefined, total: 1 } }), stop: () => Promise.resolve(), async *[Symbol.asyncIterator]() { await Promise.resolve(); } });
    await assert.rejects(all(failed), (error) => error instanceof EventReadFailed && /SYNC1.*nothing works/.test(error.message));
  });
});

describe('what a log is asked for', () => {
  it('has its page in every part of the query, and refuses what is no log', () => {
    const xml = selectionXml({ log: 'System', any: [{ ids: [1] }, { providers: ['a'] }], before: 100 }, { to: 200 });
    assert.equal(xml.match(/EventRecordID &lt;= 99/g)?.length, 2);
    for (const log of ['', '*', 'Sys*', 'a[b]', 'x'.repeat(256), 'a\u0000', 'a"b']) assert.throws(() => selectionXml({ log }), RangeError, log);
  });

  it('splits values as they were joined', () => {
    assert.deepEqual(['', '|', '|a', '|a||b', '%x%7Cy|%25'].map(splitValues), [[], [''], ['a'], ['a', '', 'b'], ['x|y', '%']]);
  });

  it('has events for every finding, or says that it has none', () => {
    assert.deepEqual([...Object.keys(findingEvents), ...findingsWithoutEvents].sort(), [...findingIds].sort());
    const read = presets['repair']?.logs.flatMap(({ any }) => any ?? []) ?? [];
    for (const [finding, { providers, ids }] of Object.entries(findingEvents)) {
      assert.ok(ids.length > 0 && new Set(ids).size === ids.length, finding);
      // What the filter looks for is read by the default view; Security is asked for by ids alone.
      for (const provider of providers) assert.ok(provider === 'Microsoft-Windows-Security-Auditing' || read.some((part) => part.providers?.includes(provider) === true), `${finding}: ${provider}`);
      assert.deepEqual(filterOfFinding(finding)?.terms.map(({ field }) => field), ['provider', 'id']);
    }
    for (const finding of [...findingsWithoutEvents, 'constructor']) assert.equal(filterOfFinding(finding), undefined);
  });

  it('shows for a finding every event that the viewer takes for evidence of it, and asks for none that the default view does not read', () => {
    const read = presets['repair']?.logs.flatMap(({ any }) => any ?? []) ?? [];
    const reads = (provider: string, id: number): boolean => read.some((part) => (part.providers === undefined || part.providers.includes(provider)) && (part.ids === undefined || part.ids.includes(id)));
    let evidence = 0;
    for (const provider of ['Service Control Manager', 'ADSync', 'Directory Synchronization', 'MIISKMU']) {
      for (let id = 0; id < 10_000; id++) {
        for (const finding of findingsSuggestedBy(provider, id)) {
          evidence++;
          const shown = findingEvents[finding];
          assert.ok(shown?.providers.includes(provider) === true && shown.ids.includes(id), `${finding} does not show ${provider} ${id}`);
        }
      }
    }
    assert.ok(evidence > 40, String(evidence));
    for (const [finding, { providers, ids }] of Object.entries(findingEvents)) for (const id of ids) assert.ok(providers.some((provider) => reads(provider, id)), `${finding}: ${id} is never read`);
  });

  it('has a preset for findings that exist, one entry a log, and the good news in it', () => {
    for (const { findings, logs } of Object.values(presets)) {
      for (const finding of findings) assert.ok((findingIds as readonly string[]).includes(finding), finding);
      assert.equal(new Set(logs.map(({ log }) => log)).size, logs.length);
      for (const selection of logs) assert.match(selectionXml(selection), /<Select/);
    }
    const key = presets['key']?.logs.flatMap(({ any }) => any ?? []).flatMap(({ ids }) => ids ?? []) ?? [];
    for (const id of [6201, 6227, 6603]) assert.ok(key.includes(id), String(id));
    assert.doesNotMatch(selectionXml(presets['repair']?.logs[1] ?? system), /Level/);
    assert.equal(presetsOf('key-lost')[0]?.title, 'Encryption key');
    assert.equal(presetsOf('healthy')[0], presets['repair']);
  });
});
