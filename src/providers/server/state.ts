import type { Finding } from '../../connect/finding.ts';
import type { LockEntry, LockReading } from '../../connect/lock-entry.ts';
import type { Plan } from '../../connect/plan.ts';
import type { RunRecord } from '../../connect/run-record.ts';
import type { Snapshot } from '../../connect/snapshot.ts';
import type { PeerInfo } from '../../session.ts';
import type { WaitingTask } from '../person/waiting.ts';
import type { RunState } from './runState.ts';

/** How things stand with the way to a server. */
export type ConnectionState =
  /** `idle`: why the connection ended while nothing was under way; the next use connects again. */
  | { readonly kind: 'disconnected'; readonly idle?: Problem }
  | { readonly kind: 'connecting'; readonly again: boolean }
  | { readonly kind: 'connected'; readonly peer: PeerInfo }
  | { readonly kind: 'lost'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What went wrong and what to do next. */
export interface Problem {
  readonly message: string;
  readonly remedy: string;
}

/** What the last diagnosis found. */
export interface Diagnosis {
  readonly snapshot: Snapshot;
  readonly findings: readonly Finding[];
  readonly plans: readonly Plan[];
  /** A run that did not come to its end, here or on another machine. */
  readonly unfinished: RunRecord | undefined;
  /** Who holds the server's lock, and how that was read. */
  readonly held: { readonly entry: LockEntry; readonly reading: LockReading } | undefined;
  /** UTC milliseconds of this machine. */
  readonly at: number;
}

/** Everything that the tree shows of one server; plain data. */
export interface ServerState {
  readonly connection: ConnectionState;
  readonly diagnosing: boolean;
  readonly diagnosis: Diagnosis | undefined;
  /** Why the last diagnosis did not come about. */
  readonly problem: Problem | undefined;
  readonly run: RunState | undefined;
  readonly waiting: WaitingTask | undefined;
  /** Earlier runs, newest first. */
  readonly history: readonly RunSummary[];
}

/** One finished run, for the list of runs. */
export interface RunSummary {
  readonly id: string;
  readonly title: string;
  readonly state: string;
  readonly message: string;
  /** UTC milliseconds of this machine. */
  readonly at: number;
}

export const initialState: ServerState = {
  connection: { kind: 'disconnected' }, diagnosing: false, diagnosis: undefined, problem: undefined, run: undefined, waiting: undefined, history: [],
};

/** True while a run is under way. */
export function isRunning(state: ServerState): boolean {
  return state.run !== undefined && state.run.result === undefined;
}

/** The interrupted run that could be gone on with now; undefined while a run of this window is at work. */
export function unfinishedOf(state: ServerState): RunRecord | undefined {
  return isRunning(state) ? undefined : state.diagnosis?.unfinished;
}

/** Who else holds the server; undefined while a run of this window does. */
export function heldBy(state: ServerState): Diagnosis['held'] {
  return isRunning(state) ? undefined : state.diagnosis?.held;
}

/** True where somebody has to do something: a fault was found, a run waits for a person, or one was interrupted. */
export function needsAction(state: ServerState): boolean {
  return state.waiting !== undefined || unfinishedOf(state) !== undefined || (state.diagnosis?.findings.some((finding) => finding.severity === 'error') ?? false);
}
