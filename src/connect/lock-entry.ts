import { textOf, type FlatRecord } from './flat-record.ts';

/** One client's entry under Lock\GUID, as read back, with the server's clock at that moment. */
export interface LockEntry {
  readonly id: string;
  readonly who: string;
  readonly host: string;
  readonly run: string;
  /** True once its client has read all entries back and found itself the winner. */
  readonly held: boolean;
  /** UTC milliseconds of the server's clock. */
  readonly created: number;
  readonly heartbeat: number;
  readonly leaseMilliseconds: number;
  readonly bootTime: number;
  /** The entry of the client that took the lock away knowingly; empty: nobody did. */
  readonly takenBy: string;
}

export interface LockReading {
  readonly entries: readonly LockEntry[];
  /** UTC milliseconds of the server's clock. */
  readonly now: number;
  readonly bootTime: number;
}

/** LastBootUpTime moves a little when the clock is corrected, in milliseconds. */
const bootTolerance = 120_000;
/** A heartbeat from the future is a clock that was set back: no lease lasts longer than this, in milliseconds. */
const longestLease = 3_600_000;

/** True while an entry's run can be alive: same boot of the server, and renewed within its lease by the server's own clock. */
export function isLive(entry: LockEntry, reading: LockReading): boolean {
  if (entry.takenBy !== '') return false;
  if (Math.abs(entry.bootTime - reading.bootTime) > bootTolerance) return false;
  const age = reading.now - entry.heartbeat;
  return age <= entry.leaseMilliseconds && age >= -longestLease;
}

/**
 * The entry that holds the lock: one that is held already, else the oldest live one; ids break a tie, so that every client names
 * the same. Of two that are held, the older one had run out when the other was taken, and was renewed by a machine that slept: the
 * newer one holds it. Undefined: nobody.
 */
export function lockWinner(reading: LockReading): LockEntry | undefined {
  return reading.entries
    .filter((entry) => isLive(entry, reading))
    .sort((a, b) => Number(b.held) - Number(a.held) || (a.held ? b.created - a.created : a.created - b.created) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))[0];
}

/** Reads what lock-write answered. Entries that make no sense are dropped: they can only be half-written or planted. */
export function readLock(records: readonly FlatRecord[]): LockReading {
  const first = records[0];
  return {
    now: Date.parse(textOf(first, 'now')),
    bootTime: Date.parse(textOf(first, 'serverBootTime')),
    entries: records.slice(0, 200).flatMap((record) => {
      const entry = {
        id: textOf(record, 'id').toLowerCase(),
        who: textOf(record, 'who'),
        host: textOf(record, 'host'),
        run: textOf(record, 'run'),
        held: textOf(record, 'state') === 'held',
        created: Date.parse(textOf(record, 'created')),
        heartbeat: Date.parse(textOf(record, 'heartbeat')),
        leaseMilliseconds: Math.min(Number(textOf(record, 'leaseSeconds')) * 1000, longestLease),
        bootTime: Date.parse(textOf(record, 'bootTime')),
        takenBy: textOf(record, 'takenBy'),
      };
      return [entry.created, entry.heartbeat, entry.bootTime, entry.leaseMilliseconds].some((n) => !Number.isFinite(n)) ? [] : [entry];
    }),
  };
}

/** Seconds since an entry was renewed, by the server's own clock. */
export function secondsSince(entry: LockEntry, reading: LockReading): number {
  return Math.max(0, Math.round((reading.now - entry.heartbeat) / 1000));
}
