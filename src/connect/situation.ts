import { abandonment, type Abandonment } from './abandonment.ts';
import { parseAccount, type AccountName } from './account.ts';
import { keyFailureEvents, keysNotFound, serviceStarted } from './events.ts';
import { valueOf } from './fact.ts';
import { originalAccount, type OriginalAccount } from './original-account.ts';
import { controlEvents, enteredRunning } from './service-events.ts';
import { serviceFailure, type ServiceFailure } from './service-failure.ts';
import type { EventRecord, Snapshot } from './snapshot.ts';

/** What a person or the servers file adds; it can only contradict what the server says. */
export interface DiagnoseOptions {
  readonly claims?: { readonly serviceAccount?: string | undefined } | undefined;
  /** The answer to "is the password from before the change known?", where it was asked. */
  readonly oldPassword?: 'known' | 'gone' | 'unknown' | undefined;
}

/** What several rules conclude from a snapshot, worked out once. */
export interface Situation {
  readonly snapshot: Snapshot;
  readonly options: DiagnoseOptions;
  readonly running: boolean;
  readonly stopped: boolean;
  readonly account: AccountName | undefined;
  readonly original: OriginalAccount;
  readonly failure: ServiceFailure;
  /** When the service last entered the running state, by the System log; undefined where that is not on record. */
  readonly lastRunning: EventRecord | undefined;
  /** ADSync's own events since the service last ran, newest first. Any local process can write such events. */
  readonly freshEngineEvents: readonly EventRecord[];
  readonly abandonment: Abandonment;
}

export function assess(snapshot: Snapshot, options: DiagnoseOptions): Situation {
  const control = controlEvents(snapshot);
  const lastRunning = control.find(enteredRunning);
  const failure = serviceFailure(snapshot, control.filter((record) => lastRunning === undefined || record.recordId > lastRunning.recordId));
  const startName = valueOf(snapshot.service.startName);
  return {
    snapshot, options, failure, lastRunning,
    running: valueOf(snapshot.service.state) === 'Running',
    stopped: valueOf(snapshot.service.state) === 'Stopped',
    account: startName === undefined ? undefined : parseAccount(startName, valueOf(snapshot.server.computerName)),
    original: originalAccount(snapshot, options.claims?.serviceAccount),
    freshEngineEvents: snapshot.events.records.filter((record) => record.provider === 'ADSync' && isAfter(record.time, lastRunning?.time)),
    abandonment: abandonment(snapshot),
  };
}

/** Whether one instant of the server's clock is later than another; everything is later than an unknown one. */
export function isAfter(time: string, other: string | undefined): boolean {
  if (other === undefined) return true;
  const difference = Date.parse(time) - Date.parse(other);
  // Below a millisecond the texts decide: they have one form.
  return difference === 0 ? time > other : difference > 0;
}

/** ADSync's events with one of these ids since the service last ran. */
export function engineEvents(situation: Situation, ids: readonly number[]): readonly EventRecord[] {
  return situation.freshEngineEvents.filter((record) => ids.includes(record.id));
}

/**
 * What the sync engine says about the key since it last started well. Its own "started" event narrows this further than
 * Windows' records do, and only this: nothing that speaks against a lost key is dropped because of it.
 */
export function keyFailureSaid(situation: Situation): readonly EventRecord[] {
  const started = situation.freshEngineEvents.find((record) => record.id === serviceStarted);
  return engineEvents(situation, [...keyFailureEvents, keysNotFound]).filter((record) => started === undefined || record.recordId > started.recordId);
}

/** The key failure that Windows itself recorded for the last start: a 7024 or Win32_Service's code. */
export function systemKeyFailure(situation: Situation, code: number): Extract<ServiceFailure, { kind: 'specific' }> | undefined {
  const { failure } = situation;
  return failure.kind === 'specific' && failure.code === code ? failure : undefined;
}
