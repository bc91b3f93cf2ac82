import type { PowerShellSession, StreamRecord } from '../session.ts';
import { known, missing } from './fact.ts';
import { clockSkew } from './clock-skew.ts';
import { readSnapshot } from './read-snapshot.ts';
import { isScriptBlocked } from './run-errors.ts';
import script from './scripts/snapshot.ps1';
import type { Snapshot } from './snapshot.ts';

export interface SnapshotOptions {
  /** Cancels: the pipeline is stopped and the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds after which the pipeline is stopped and what has arrived is kept. Default 90 seconds. */
  readonly timeLimit?: number | undefined;
  /** This machine's clock in UTC milliseconds: the server's is set beside it. Default: the two are not compared. */
  readonly now?: (() => number) | undefined;
}

/** Records beyond this are not kept: the script emits fewer than a hundred. */
const recordLimit = 2000;

/**
 * Reads a whole snapshot in one read-only pipeline. Facts that did not arrive are missing, with the reason.
 * Rejects with a RemoteError where the connection failed before anything came, and with the signal's reason where cancelled.
 */
export async function takeSnapshot(session: PowerShellSession, options: SnapshotOptions = {}): Promise<Snapshot> {
  const timeLimit = options.timeLimit ?? 90_000;
  const overdue = AbortSignal.timeout(timeLimit);
  const signal = options.signal === undefined ? overdue : AbortSignal.any([overdue, options.signal]);
  const records: StreamRecord[] = [];
  let skew: number | undefined;
  let absent = missing('failed', 'The server never answered this.');
  try {
    // The server stops asking a little earlier, so that what it has can still arrive.
    const parameters = { TimeLimit: Math.max(1, Math.floor((timeLimit / 1000) * 0.9)) };
    const pipeline = session.invoke(script, { name: 'snapshot', signal, parameters });
    for await (const record of pipeline) {
      if (record.stream !== 'output' || records.length >= recordLimit) continue;
      records.push(record);
      // As it arrives: what comes after it may take a minute.
      skew ??= options.now === undefined ? undefined : clockSkew(record.value, options.now());
    }
    const result = await pipeline.result;
    if (result.error !== undefined) absent = missing(isScriptBlocked(result.error) ? 'script-blocked' : 'failed', result.error.message.slice(0, 500));
  } catch (error) {
    options.signal?.throwIfAborted();
    if (records.length === 0 && !overdue.aborted) throw error;
    absent = missing('failed', error instanceof Error ? error.message.slice(0, 500) : 'The connection was lost.');
  }
  options.signal?.throwIfAborted();
  if (overdue.aborted) absent = missing('timed-out', `Nothing more came within ${Math.round(timeLimit / 1000)} seconds.`);
  const snapshot = readSnapshot(records, absent);
  return skew === undefined ? snapshot : { ...snapshot, server: { ...snapshot.server, clockSkew: known(skew) } };
}
