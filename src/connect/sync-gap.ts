import { valueOf } from './fact.ts';
import type { Snapshot } from './snapshot.ts';

/** After so many days without a synchronization a delta one is not exact any more, on staging servers too. */
const deltaDays = 7;

/** When the newest successful run of any connector began, by the server's clock; undefined where none is on record. */
export function lastSuccess(snapshot: Snapshot): string | undefined {
  const times = (valueOf(snapshot.runs) ?? []).filter((run) => run.complete && run.result === 'success' && Number.isFinite(Date.parse(run.start))).map((run) => run.start);
  return times.reduce<string | undefined>((best, time) => (best === undefined || Date.parse(time) > Date.parse(best) ? time : best), undefined);
}

/** Whether the newest success is so long ago that only a full synchronization is exact. */
export function needsFullCycle(snapshot: Snapshot): boolean {
  const clock = valueOf(snapshot.server.clock);
  const success = lastSuccess(snapshot);
  return clock !== undefined && success !== undefined && Date.parse(clock) - Date.parse(success) > deltaDays * 86_400_000;
}

/** Whether every connector has begun a successful run since: one alone may have had nothing to store. False where none is known. */
export function allSucceededSince(snapshot: Snapshot, time: string): boolean {
  const connectors = valueOf(snapshot.connectors) ?? [];
  return connectors.length > 0 && connectors.every(({ name }) => (valueOf(snapshot.runs) ?? []).some((run) => run.connector === name && run.complete && run.result === 'success' && Date.parse(run.start) > Date.parse(time)));
}
