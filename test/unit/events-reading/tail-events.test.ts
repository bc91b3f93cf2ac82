import assert from 'node:assert/strict';
import { tailEvents, type TailNews } from '../../../src/events/reading/tail-events.ts';
import type { TailPoint } from '../../../src/events/reading/tail-point.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { PSValue } from '../../../src/session.ts';
import { batch, begin, end, ScriptedSession, type Answer } from './scripted-session.ts';

const stopped = new Error('stopped');

/** Follows until the answers are used up: the wait after the last one aborts. */
async function tail(points: Map<string, TailPoint>, answers: readonly Answer[], logs = ['System']): Promise<{ news: TailNews[]; pauses: number[]; session: ScriptedSession }> {
  const session = new ScriptedSession(...answers);
  const controller = new AbortController();
  const news: TailNews[] = [];
  const pauses: number[] = [];
  const delay = (milliseconds: number): Promise<void> => {
    pauses.push(milliseconds);
    if (session.calls.length >= answers.length) controller.abort(stopped);
    return Promise.resolve();
  };
  try {
    for await (const item of tailEvents(session, logs.map((log) => ({ log })), { signal: controller.signal, delay, points })) news.push(item);
  } catch (error) {
    if (error !== stopped) throw error;
  }
  return { news, pauses, session };
}

const told = (news: readonly TailNews[]): unknown[] => news.map((item) => (item.kind === 'batch' ? item.batch.recordId : item.kind === 'gap' ? `gap ${item.from}-${item.to}` : item.kind === 'end' ? `end ${item.end.log} ${item.end.outcome}` : item.kind));
const anchored = (record: number): TailPoint => ({ recordId: record, anchor: { recordId: record, time: record } });
const look = (reach: { count: number; oldest: number }, records: readonly number[]): Answer => () => [begin('System', reach), ...(records.length === 0 ? [] : [batch('System', records.map((record) => ({ record })))]), end('System', records.length)];

describe('following event logs', () => {
  it('begins where the log ends now, and goes on behind the last event', async () => {
    const points = new Map<string, TailPoint>();
    const { news, session } = await tail(points, [look({ count: 10, oldest: 1 }, [10]), look({ count: 10, oldest: 1 }, []), look({ count: 12, oldest: 1 }, [10, 11, 12])]);
    assert.deepEqual(told(news), [[11, 12]]);
    assert.deepEqual(points.get('System'), anchored(12));
    assert.deepEqual(session.calls.map(({ parameters }) => (parameters?.['Seen'] as PSValue[])[0]), [-1n, 10n, 10n]);
    assert.match((session.calls[2]?.parameters?.['Query'] as string[])[0] ?? '', /EventRecordID &gt;= 10/);
  });

  it('waits longer while nothing comes, and shortly again once something did', async () => {
    const quiet = look({ count: 5, oldest: 1 }, []);
    const { pauses } = await tail(new Map([['System', anchored(5)]]), [quiet, quiet, look({ count: 6, oldest: 1 }, [5, 6]), ...Array.from({ length: 12 }, () => look({ count: 6, oldest: 1 }, []))]);
    assert.deepEqual(pauses.slice(0, 4), [1500, 2250, 1000, 1500]);
    assert.equal(pauses.at(-1), 15_000);
  });

  it('tells that a log was emptied, and reads it from its new beginning', async () => {
    const points = new Map([['System', anchored(500)]]);
    const { news } = await tail(points, [look({ count: 2, oldest: 1 }, []), look({ count: 2, oldest: 1 }, [1, 2])]);
    assert.deepEqual(told(news), ['cleared', [1, 2]]);
    assert.deepEqual(points.get('System'), anchored(2));
  });

  it('tells it also where the new log has grown past the old one: another event bears the number', async () => {
    const other = (): PSValue[] => [begin('System', { count: 600, oldest: 1 }), batch('System', [{ record: 500, ticks: 99 }, { record: 501 }]), end('System', 2)];
    assert.deepEqual(told((await tail(new Map([['System', anchored(500)]]), [other, look({ count: 600, oldest: 1 }, [1])])).news), ['cleared', [1]]);
    const gone = look({ count: 600, oldest: 1 }, []);
    assert.deepEqual(told((await tail(new Map([['System', anchored(500)]]), [gone, look({ count: 600, oldest: 1 }, [1])])).news), ['cleared', [1]]);
  });

  it('tells which events were overwritten before they were seen', async () => {
    const { news } = await tail(new Map([['System', anchored(500)]]), [look({ count: 100, oldest: 551 }, [551, 552])]);
    assert.deepEqual(told(news), ['gap 501-550', [551, 552]]);
  });

  it('takes an empty log for what it is', async () => {
    assert.deepEqual(told((await tail(new Map([['System', { recordId: 0 }]]), [look({ count: 0, oldest: 0 }, []), look({ count: 1, oldest: 1 }, [1])])).news), [[1]]);
  });

  it('gives up a log that may not be read, follows the others, and ends when none is left', async () => {
    const both: Answer = () => [begin('Security'), end('Security', 0, 'denied'), begin('System', { count: 1, oldest: 1 }), end('System')];
    const { news } = await tail(new Map([['System', { recordId: 1 }], ['Security', { recordId: 1 }]]), [both, look({ count: 2, oldest: 1 }, [2])], ['Security', 'System']);
    assert.deepEqual(told(news), ['end Security denied', [2]]);
    assert.deepEqual(told((await tail(new Map(), [() => [begin('Nope'), end('Nope', 0, 'missing')]], ['Nope'])).news), ['end Nope missing']);
  });

  it('is taken up again behind the last event that was given, when the session died', async () => {
    const points = new Map([['System', anchored(10)]]);
    const failure = new RemoteError({ reason: 'connection-lost', server: 'SYNC1', message: 'Reset.', remedy: 'Again.' });
    await assert.rejects(tail(points, [function* () { yield begin('System', { count: 14, oldest: 1 }); yield batch('System', [{ record: 10 }, { record: 11 }, { record: 12 }]); throw failure; }]), (error) => error === failure);
    assert.deepEqual(points.get('System'), anchored(12));
    assert.deepEqual(told((await tail(points, [look({ count: 14, oldest: 1 }, [12, 13, 14])])).news), [[13, 14]]);
  });
});
