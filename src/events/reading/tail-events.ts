import type { PowerShellSession } from '../../session.ts';
import type { EventBatch } from '../event-batch.ts';
import type { LogEnd, LogReach, LogReading } from './log-reading.ts';
import { readLogRecords } from './log-records.ts';
import { selectionXml, type LogSelection } from './log-selection.ts';
import { anchorHolds, judgeReach, type TailPoint } from './tail-point.ts';

/** What a live tail tells. Batches are oldest first. */
export type TailNews =
  | { readonly kind: 'batch'; readonly batch: EventBatch }
  /** Somebody emptied the log; what it holds now follows from its beginning. */
  | { readonly kind: 'cleared'; readonly log: string }
  /** Events with these record ids were overwritten before they were looked at. */
  | { readonly kind: 'gap'; readonly log: string; readonly from: number; readonly to: number }
  /** The log cannot be followed; the others are. */
  | { readonly kind: 'end'; readonly end: LogEnd };

export interface TailOptions {
  readonly signal: AbortSignal;
  /** Waits; rejects or resolves early when the signal aborts. */
  readonly delay: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /**
   * Where the tail stands in each log; it moves on as events are taken. A log without a point is followed from now on. After a lost
   * session the same map takes the tail up again over another one, without a hole and without an event twice.
   */
  readonly points: Map<string, TailPoint>;
  /** Milliseconds between two looks: the first, and the longest after many in vain. */
  readonly pause?: { readonly shortest: number; readonly longest: number };
}

/** How much longer each pause is than the one before, while nothing happens. */
const growth = 1.5;
/** Most events of one log in one look; where there are more, the next look follows at once. */
const mostAtOnce = 5_000;

/**
 * Follows event logs: looks, waits longer the longer nothing happens, and tells what is new, what was emptied and what was lost.
 * Ends only by the signal (rejecting with its reason), by a failure as readEvents tells them, or when no log is left to follow.
 */
export async function* tailEvents(session: PowerShellSession, logs: readonly LogSelection[], options: TailOptions): AsyncGenerator<TailNews, void, undefined> {
  const { signal, delay, points } = options;
  const { shortest, longest } = options.pause ?? { shortest: 1_000, longest: 15_000 };
  let followed = logs;
  let pause = shortest;
  while (followed.length > 0) {
    const ended = new Set<string>();
    let again = false;
    let news = false;
    for await (const item of look(session, followed, points, signal)) {
      if (item.kind === 'again') {
        again = true;
        continue;
      }
      if (item.kind === 'end') ended.add(item.end.log);
      news = true;
      yield item;
    }
    followed = followed.filter(({ log }) => !ended.has(log));
    pause = news ? shortest : Math.min(longest, pause * growth);
    if (!again && followed.length > 0) await delay(pause, signal);
    signal.throwIfAborted();
  }
}

/** One look at every log, in one pipeline. */
async function* look(session: PowerShellSession, logs: readonly LogSelection[], points: Map<string, TailPoint>, signal: AbortSignal): AsyncGenerator<TailNews | { readonly kind: 'again' }, void, undefined> {
  const fresh = logs.filter(({ log }) => !points.has(log));
  if (fresh.length > 0) yield* findEnds(session, fresh, points, signal);
  const asked = logs.flatMap((selection) => {
    const point = points.get(selection.log);
    if (point === undefined) return [];
    return [{ log: selection.log, query: selectionXml(selection, { from: point.anchor?.recordId ?? point.recordId + 1 }), limit: mostAtOnce, seen: point.recordId }];
  });
  let watch: LogWatch | undefined;
  for await (const reading of asked.length === 0 ? nothing : readLogRecords(session, asked, { signal, first: 500, oldestFirst: true })) {
    if (reading.kind === 'reach') watch = new LogWatch(points, reading.reach);
    if (watch !== undefined) yield* watch.take(reading);
  }
}

const nothing: readonly LogReading[] = [];

/** Sets the point of logs that were not followed yet to where they end now. */
async function* findEnds(session: PowerShellSession, logs: readonly LogSelection[], points: Map<string, TailPoint>, signal: AbortSignal): AsyncGenerator<TailNews, void, undefined> {
  let newest = 0;
  let anchor: TailPoint['anchor'];
  for await (const reading of readLogRecords(session, logs.map((selection) => ({ log: selection.log, query: selectionXml(selection), limit: 1 })), { signal, first: 1 })) {
    if (reading.kind === 'reach') {
      newest = reading.reach.newest ?? 0;
      anchor = undefined;
    } else if (reading.kind === 'batch') anchor = rowAt(reading.batch, 0);
    else if (reading.end.outcome !== 'read') yield { kind: 'end', end: reading.end };
    else points.set(reading.end.log, { recordId: Math.max(newest, anchor?.recordId ?? 0), anchor });
  }
}

/** One log during one look. */
class LogWatch {
  readonly #points: Map<string, TailPoint>;
  readonly #reach: LogReach;
  readonly #before: TailPoint;
  #last: TailPoint['anchor'];
  #checked = false;
  #cleared = false;

  constructor(points: Map<string, TailPoint>, reach: LogReach) {
    this.#points = points;
    this.#reach = reach;
    this.#before = points.get(reach.log) ?? { recordId: 0 };
  }

  *take(reading: LogReading): Generator<TailNews | { readonly kind: 'again' }, void, undefined> {
    const { log } = this.#reach;
    if (reading.kind === 'reach') {
      const verdict = judgeReach(this.#before, this.#reach);
      if (verdict.kind === 'cleared') yield* this.#clear();
      else if (verdict.kind === 'gap') yield { ...verdict, log };
    } else if (reading.kind === 'batch') {
      if (this.#cleared) return;
      const batch = yield* this.#afterAnchor(reading.batch);
      if (batch === undefined) return;
      this.#last = rowAt(batch, batch.recordId.length - 1);
      this.#points.set(log, { recordId: this.#last.recordId, anchor: this.#last });
      yield { kind: 'batch', batch };
    } else yield* this.#end(reading.end);
  }

  /** The events behind the anchor, which is asked for again in every look; undefined where there are none. */
  *#afterAnchor(batch: EventBatch): Generator<TailNews | { readonly kind: 'again' }, EventBatch | undefined, undefined> {
    if (this.#checked) return batch;
    this.#checked = true;
    const first = rowAt(batch, 0);
    if (!anchorHolds(this.#before, this.#reach.oldest, first)) {
      yield* this.#clear();
      return undefined;
    }
    const known = first.recordId === this.#before.anchor?.recordId ? 1 : 0;
    return batch.recordId.length === known ? undefined : known === 0 ? batch : withoutFirst(batch);
  }

  *#end(end: LogEnd): Generator<TailNews | { readonly kind: 'again' }, void, undefined> {
    if (end.outcome !== 'read') {
      yield { kind: 'end', end };
      return;
    }
    if (this.#cleared) return;
    const unchanged = this.#reach.newest === this.#before.recordId;
    if (!this.#checked && !unchanged && !anchorHolds(this.#before, this.#reach.oldest, undefined)) {
      yield* this.#clear();
      return;
    }
    const anchor = this.#last ?? this.#before.anchor;
    if (end.rows >= mostAtOnce) yield { kind: 'again' };
    else this.#points.set(this.#reach.log, { recordId: Math.max(this.#reach.newest ?? 0, this.#last?.recordId ?? 0, this.#before.recordId), anchor });
  }

  *#clear(): Generator<TailNews | { readonly kind: 'again' }, void, undefined> {
    this.#cleared = true;
    this.#points.set(this.#reach.log, { recordId: 0 });
    yield { kind: 'cleared', log: this.#reach.log };
    yield { kind: 'again' };
  }
}

function rowAt(batch: EventBatch, row: number): { recordId: number; time: number } {
  return { recordId: batch.recordId[row] ?? 0, time: batch.time[row] ?? 0 };
}

function withoutFirst(batch: EventBatch): EventBatch {
  const { log, recordId, time, id, level, provider, message, data } = batch;
  return { log, recordId: recordId.slice(1), time: time.slice(1), id: id.slice(1), level: level.slice(1), provider: provider.slice(1), message: message.slice(1), data: data.slice(1) };
}
