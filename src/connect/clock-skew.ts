import type { PSValue } from '../session.ts';
import { valueOf } from './fact.ts';
import { textOf, flatRecord } from './flat-record.ts';
import type { Snapshot } from './snapshot.ts';

/** Kerberos refuses log-ons beyond this difference by default; in seconds. */
const tolerated = 300;

/** The server's clock minus this machine's, in seconds, where a record of snapshot.ps1 brings that clock. */
export function clockSkew(record: PSValue, now: number): number | undefined {
  const fields = flatRecord(record);
  if (textOf(fields, 'fact') !== 'server.clock') return undefined;
  const time = Date.parse(textOf(fields, 'value'));
  return Number.isNaN(time) ? undefined : Math.round((time - now) / 1000);
}

/**
 * What is said where the server's clock and this machine's differ by more than five minutes; undefined: they do not, or it was not
 * asked. For a person only: times of a server are compared with each other and with nothing else.
 */
export function clockNote(snapshot: Snapshot): string | undefined {
  const skew = valueOf(snapshot.server.clockSkew);
  if (skew === undefined || Math.abs(skew) <= tolerated) return undefined;
  const by = Math.abs(skew) < 7200 ? `${Math.round(Math.abs(skew) / 60)} minutes` : `${Math.round(Math.abs(skew) / 3600)} hours`;
  return `The server's clock is ${by} ${skew > 0 ? 'ahead of' : 'behind'} this machine's. Where it also differs from its domain controller's by more than five minutes, log-ons fail (1398): w32tm /query /status on the server tells. Its times are shown as it reports them.`;
}
