import type { PowerShellSession } from '../../session.ts';
import script from '../scripts/read-events.ps1';
import { answerObject, textField, truthField, wholeField } from './answer-fields.ts';
import { mostRows, readBatch } from './batch-columns.ts';
import { EventAnswerInvalid } from './errors.ts';
import type { LogOutcome, LogReach, LogReading } from './log-reading.ts';
import { runScript } from './run-script.ts';

/** One log and the structured query that it is read with. */
export interface LogQuery {
  readonly log: string;
  readonly query: string;
  /** Most events; undefined: all. */
  readonly limit?: number | undefined;
  /** Newest record id at the last look: where the log has not grown since, its events are not searched. */
  readonly seen?: number | undefined;
}

/** How a pipeline reads logs. */
export interface ReadingOptions {
  readonly signal?: AbortSignal | undefined;
  /** Events in the first record of each log: few, so that something is there at once. */
  readonly first?: number;
  readonly oldestFirst?: boolean;
}

/** Where nothing is said: all of them, as PowerShell counts. */
const unlimited = 9_223_372_036_854_775_807n;
const outcomes: readonly LogOutcome[] = ['read', 'missing', 'denied', 'failed'];
const longestDetail = 500;

/** Reads logs one after the other in one pipeline. What comes is checked: EventAnswerInvalid, else as runScript. */
export async function* readLogRecords(session: PowerShellSession, logs: readonly LogQuery[], options: ReadingOptions = {}): AsyncGenerator<LogReading, void, undefined> {
  const { signal, first = 50, oldestFirst = false } = options;
  const parameters = { Log: logs.map(({ log }) => log), Query: logs.map(({ query }) => query), Limit: logs.map(({ limit }) => (limit === undefined ? unlimited : BigInt(limit))), Seen: logs.map(({ seen }) => BigInt(seen ?? -1)), First: Math.min(first, mostRows), Most: mostRows, Oldest: oldestFirst };
  let at = 0;
  let begun = false;
  for await (const value of runScript(session, { script, name: 'read-events', parameters, what: `The event logs of ${session.peer.computerName} could not be read`, signal })) {
    const record = answerObject(value);
    const kind = textField(record, 'kind');
    const log = logs[at]?.log;
    if (log === undefined || textField(record, 'log') !== log) throw new EventAnswerInvalid('a record of a log that was not asked for');
    if (begun !== (kind !== 'begin')) throw new EventAnswerInvalid('records in another order than they are sent');
    if (kind === 'begin') {
      begun = true;
      yield { kind: 'reach', reach: reachOf(log, wholeField(record, 'count'), wholeField(record, 'oldest'), truthField(record, 'enabled'), truthField(record, 'circular')) };
    } else if (kind === 'batch') yield { kind: 'batch', batch: readBatch(record, log) };
    else {
      const outcome = outcomes.find((known) => known === textField(record, 'outcome'));
      if (kind !== 'end' || outcome === undefined) throw new EventAnswerInvalid('a record of no known kind');
      begun = false;
      at++;
      yield { kind: 'end', end: { log, outcome, detail: textField(record, 'detail').slice(0, longestDetail), rows: wholeField(record, 'rows'), unformatted: wholeField(record, 'unformatted') } };
    }
  }
  if (at < logs.length) throw new EventAnswerInvalid('the pipeline ended before its logs did');
}

/** Record ids within a log have no gaps, so its oldest one and its count tell the newest. */
export function reachOf(log: string, count: number, oldest: number, enabled: boolean, circular: boolean): LogReach {
  const newest = count === 0 ? 0 : count > 0 && oldest >= 0 ? oldest + count - 1 : undefined;
  return { log, count: count < 0 ? undefined : count, oldest: oldest < 0 ? undefined : oldest, newest, enabled, circular };
}
