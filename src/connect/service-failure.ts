import { exitCodes, logonFault, showCode, type LogonFault } from './codes.ts';
import { valueOf } from './fact.ts';
import { reasonOf } from './service-events.ts';
import type { EventRecord, Snapshot } from './snapshot.ts';

/** Why the service does not run, from Windows' own records only: the System log and Win32_Service. */
export type ServiceFailure =
  /** It runs. */
  | { readonly kind: 'none' }
  /** It was not started, or was stopped in order. */
  | { readonly kind: 'stopped'; readonly neverStarted: boolean }
  | { readonly kind: 'logon'; readonly code: number | undefined; readonly fault: LogonFault | undefined; readonly account: string | undefined; readonly events: readonly EventRecord[] }
  | { readonly kind: 'specific'; readonly code: number; readonly events: readonly EventRecord[] }
  | { readonly kind: 'other'; readonly code: number | undefined; readonly events: readonly EventRecord[] }
  /** Starting, stopping, or an unreadable state. */
  | { readonly kind: 'unsettled'; readonly reason: string }
  /** The event log and Win32_Service tell different stories. */
  | { readonly kind: 'contradiction'; readonly reason: string; readonly events: readonly EventRecord[] };

const failureEvents = new Set([7000, 7001, 7003, 7009, 7022, 7023, 7024, 7031, 7034, 7038, 7041]);
const logonEvents = new Set([7038, 7041]);

/** `fresh` are the Service Control Manager's events about ADSync since it last ran, newest first. */
export function serviceFailure(snapshot: Snapshot, fresh: readonly EventRecord[]): ServiceFailure {
  const state = valueOf(snapshot.service.state);
  if (state === 'Running') return { kind: 'none' };
  if (state !== 'Stopped') return { kind: 'unsettled', reason: state === undefined ? 'the state of the service could not be read' : `the service is in the state "${state}"` };
  const fromEvents = lastFailure(fresh);
  const exitCode = valueOf(snapshot.service.exitCode);
  const specific = valueOf(snapshot.service.serviceSpecificExitCode);
  switch (exitCode) {
    case undefined:
      return fromEvents ?? { kind: 'unsettled', reason: 'neither an exit code nor an event says why the service is stopped' };
    case 0:
      return { kind: 'stopped', neverStarted: false };
    case exitCodes.neverStarted:
      return { kind: 'stopped', neverStarted: true };
    case exitCodes.logonFailure:
      if (fromEvents === undefined) return { kind: 'logon', code: undefined, fault: undefined, account: undefined, events: [] };
      return fromEvents.kind === 'logon' ? fromEvents : contradiction(exitCode, fresh);
    case exitCodes.serviceSpecific:
      if (specific === undefined) return fromEvents ?? { kind: 'other', code: exitCode, events: [] };
      if (fromEvents === undefined) return { kind: 'specific', code: specific, events: [] };
      return fromEvents.kind === 'specific' && fromEvents.code === specific ? fromEvents : contradiction(specific, fresh);
    default:
      return fromEvents?.kind === 'specific' || fromEvents?.kind === 'logon' ? contradiction(exitCode, fresh) : (fromEvents ?? { kind: 'other', code: exitCode, events: [] });
  }
}

function contradiction(code: number, events: readonly EventRecord[]): ServiceFailure {
  const newest = events[0];
  const told = newest === undefined ? 'the System log' : `event ${newest.id} of ${newest.time}`;
  return { kind: 'contradiction', reason: `Windows reports the code ${showCode(code)} for the last start, but ${told} says something else`, events: events.slice(0, 3) };
}

function lastFailure(fresh: readonly EventRecord[]): Extract<ServiceFailure, { kind: 'logon' | 'specific' | 'other' }> | undefined {
  const newest = fresh.find((record) => failureEvents.has(record.id));
  if (newest === undefined) return undefined;
  const code = reasonOf(newest);
  if (newest.id === 7024) return code === undefined ? { kind: 'other', code, events: [newest] } : { kind: 'specific', code, events: fresh.filter((record) => record.id === 7024) };
  const isLogon = logonEvents.has(newest.id) || (newest.id === 7000 && (code === exitCodes.logonFailure || (code !== undefined && logonFault(code) !== undefined)));
  if (!isLogon) return { kind: 'other', code, events: [newest] };
  // 7000 only says that the logon failed; 7038 or 7041 of the same attempt, just before it, says why.
  const newestKeyed = fresh.find((record) => record.id === 7024 || logonEvents.has(record.id));
  const reason = newestKeyed !== undefined && logonEvents.has(newestKeyed.id) ? newestKeyed : undefined;
  const reasonCode = reason === undefined ? (code === exitCodes.logonFailure ? undefined : code) : (reasonOf(reason) ?? (reason.id === 7041 ? 1385 : undefined));
  return {
    kind: 'logon', code: reasonCode, fault: reasonCode === undefined ? undefined : logonFault(reasonCode)?.fault,
    account: reason?.data[1], events: reason === undefined || reason === newest ? [newest] : [reason, newest],
  };
}
