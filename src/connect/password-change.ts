import { startedSince } from './abandonment.ts';
import { parseAccount } from './account.ts';
import { valueOf } from './fact.ts';
import type { EventRecord, Snapshot } from './snapshot.ts';

/** Security events about an account's password; 4723 needs the old one, 4724 does without it. */
const changed = 4723;
const reset = 4724;

/** How the password of the service account last got its value, as the server's Security log tells it. */
export interface PasswordChange {
  readonly kind: 'change' | 'reset';
  readonly event: EventRecord;
}

/**
 * The newest change or reset of the Log On account's password on record. Undefined where this server's log does not hold it: that
 * of a domain account is on a domain controller, and the log is short on many servers.
 */
export function passwordChange(snapshot: Snapshot): PasswordChange | undefined {
  const computer = valueOf(snapshot.server.computerName);
  const account = parseAccount(valueOf(snapshot.service.startName) ?? '', computer);
  if (account === undefined) return undefined;
  const event = snapshot.events.records.find((record) =>
    record.log === 'Security' && (record.id === changed || record.id === reset) && record.data[0]?.trim().toLowerCase() === account.user);
  return event === undefined ? undefined : { kind: event.id === reset ? 'reset' : 'change', event };
}

/** A reset on record that no start has followed: what it did to the key shows at the next one. Undefined: none that is known. */
export function untriedReset(snapshot: Snapshot): PasswordChange | undefined {
  const known = passwordChange(snapshot);
  return known?.kind === 'reset' && !startedSince(snapshot, known.event.time) ? known : undefined;
}
