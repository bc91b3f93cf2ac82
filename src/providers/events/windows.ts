import { passwordChange } from '../../connect/password-change.ts';
import { runRecords } from '../../connect/run-record.ts';
import { keyFailureEvents } from '../../connect/events.ts';
import type { EventFilter } from '../../events/event-filter.ts';
import type { JournalEntry } from '../../connect/journal.ts';
import type { Diagnosis } from '../server/state.ts';

/** Seconds before and after a run or a step that belong to it: services write their events a little late. */
const margin = { before: 5_000, after: 60_000 };

/** A stretch of time by the server's own clock, in UTC milliseconds; `to` undefined: until now. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number | undefined;
}

/** When a run was at work, by what the server itself remembers of it; undefined where it remembers nothing. */
export function windowOfRun(diagnosis: Diagnosis, run: string): TimeWindow | undefined {
  const record = runRecords(diagnosis.snapshot).find((one) => one.id === run.toLowerCase());
  if (record === undefined) return undefined;
  return { from: Date.parse(record.started) - margin.before, to: record.state === 'running' ? undefined : Date.parse(record.updated) + margin.after };
}

/**
 * When a step of a run was at work. The journal is written by this machine's clock, which may differ from the server's: only how long after
 * the run's begin something happened is taken from it, and added to the begin as the server remembers it.
 */
export function windowOfStep(run: TimeWindow, journal: readonly JournalEntry[], step: string): TimeWindow {
  const begin = journal.find((entry) => entry.event === 'run-started');
  const first = journal.find((entry) => entry.event === 'step-started' && entry.step === step);
  const last = journal.findLast((entry) => entry.event === 'step-ended' && entry.step === step);
  if (begin === undefined || first === undefined) return run;
  const since = (at: string): number => Date.parse(at) - Date.parse(begin.at) + run.from + margin.before;
  return { from: since(first.at) - margin.before, to: last === undefined ? run.to : since(last.at) + margin.after };
}

/** Since the password of the service account was changed or reset; `by` says how that is known. */
export function sincePasswordChange(diagnosis: Diagnosis): { readonly window: TimeWindow; readonly by: 'security-log' | 'first-failure' } | undefined {
  const change = passwordChange(diagnosis.snapshot);
  if (change !== undefined) return { window: { from: Date.parse(change.event.time) - margin.before, to: undefined }, by: 'security-log' };
  const failures = diagnosis.snapshot.events.records.filter((record) => (record.provider === 'Service Control Manager' && (record.id === 7038 || record.id === 7024)) || (record.provider === 'ADSync' && keyFailureEvents.includes(record.id)));
  const oldest = failures.reduce<number | undefined>((least, record) => (least === undefined || Date.parse(record.time) < least ? Date.parse(record.time) : least), undefined);
  return oldest === undefined ? undefined : { window: { from: oldest - margin.before, to: undefined }, by: 'first-failure' };
}

/** The filter that shows a window of one of several servers. */
export function windowFilter(window: TimeWindow, server: string | undefined): EventFilter {
  return { terms: server === undefined ? [] : [{ field: 'server', values: [server], exclude: false }], time: { from: window.from, ...(window.to === undefined ? {} : { to: window.to }) } };
}
