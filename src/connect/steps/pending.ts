import { pendingConnectors } from '../connector-secrets.ts';
import type { Snapshot } from '../snapshot.ts';

/** Whether a connector's secret may still have to be entered; true where that cannot be told. */
export function isPending(snapshot: Snapshot, connector: string): boolean {
  const pending = pendingConnectors(snapshot);
  return pending === undefined || pending.some((one) => one.connector.name === connector);
}
