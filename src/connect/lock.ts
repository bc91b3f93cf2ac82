import { textOf, type FlatRecord } from './flat-record.ts';
import { Refused, isConnectionLost } from './run-errors.ts';
import { scripts } from './scripts.ts';
import type { ServerLink } from './server-link.ts';
import type { Clock } from './server.ts';

/** Who holds a lock: a person, their machine, and the installation that the run belongs to. */
export interface Holder {
  readonly who: string;
  readonly host: string;
  /** GUID of this installation: tells two windows of one person apart from another machine. */
  readonly client: string;
}

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

/** An entry that is not renewed for so long is dead, unless it asked for longer. */
const leaseSeconds = 120;
/** How often a live run renews its entry, in milliseconds. */
const heartbeatInterval = 25_000;
/** After writing the own entry: long enough for a client that wrote at the same moment to be seen, in milliseconds. */
const settleTime = 1_200;
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
 * the same. Undefined: nobody.
 */
export function lockWinner(reading: LockReading): LockEntry | undefined {
  return reading.entries
    .filter((entry) => isLive(entry, reading))
    .sort((a, b) => Number(b.held) - Number(a.held) || a.created - b.created || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))[0];
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

/** Asks a person who knows that a live-looking holder is not at work any more. False: the lock stays with it. */
export type TakeOver = (holder: LockEntry, reading: LockReading) => Promise<boolean>;

/** The lock of one run on one server. Every client writes its own entry; reading all back tells who holds it. */
export class ServerLock {
  readonly #link: ServerLink;
  readonly #clock: Clock;
  readonly #holder: Holder;
  readonly #run: string;
  readonly #id: string;
  #held = false;
  #renewed = 0;

  /** `id`: a GUID for this client's entry, never used by another; a run that is resumed has another one each time. */
  constructor(link: ServerLink, clock: Clock, holder: Holder, run: string, id: string) {
    this.#link = link;
    this.#clock = clock;
    this.#holder = holder;
    this.#run = run;
    this.#id = id.toLowerCase();
  }

  /**
   * Takes the lock or rejects with Refused, which names the run that holds it. Leaves no entry behind when refused. `takeOver` is
   * asked when another client holds it; the entry that it was taken from is the result.
   */
  async acquire(signal: AbortSignal, takeOver?: TakeOver): Promise<LockEntry | undefined> {
    let taken: LockEntry | undefined;
    try {
      const first = await this.#write('waiting', leaseSeconds, signal);
      const holder = lockWinner(first);
      if (takeOver !== undefined && holder?.held === true && holder.id !== this.#id && await takeOver(holder, first)) {
        await this.#link.read(scripts.lockTakeOver, { Id: holder.id, By: this.#id }, { signal });
        taken = holder;
        this.#refuseUnlessWinner(await this.#write('waiting', leaseSeconds, signal));
      } else this.#refuseUnlessWinner(first);
      await this.#clock.delay(settleTime, signal);
      this.#refuseUnlessWinner(await this.#write('waiting', leaseSeconds, signal));
      this.#refuseUnlessWinner(await this.#write('held', leaseSeconds, signal));
    } catch (error) {
      if (!isConnectionLost(error)) await this.#remove();
      throw error;
    }
    this.#held = true;
    return taken;
  }

  #refuseUnlessWinner(reading: LockReading): void {
    const winner = lockWinner(reading);
    if (winner?.id === this.#id) return;
    const who = winner === undefined ? 'another client' : `${winner.who} on ${winner.host}`;
    const until = winner === undefined ? '' : ` It was last alive ${secondsSince(winner, reading)} s ago by the server's clock.`;
    throw new Refused('cannot-tell', `Another run holds ${this.#link.name}: ${who}.${until} Wait for it to end, or take it over when you know that it is dead; nothing was changed.`);
  }

  /** Renews the entry when it is due, or at once for longer when something takes `forSeconds`. Rejects with Refused when the lock was lost. */
  async keep(signal: AbortSignal, forSeconds = 0): Promise<void> {
    if (!this.#held) return;
    if (forSeconds === 0 && this.#clock.now() - this.#renewed < heartbeatInterval) return;
    const reading = await this.#write('held', Math.max(leaseSeconds, forSeconds + leaseSeconds), signal);
    const winner = lockWinner(reading);
    if (winner?.id !== this.#id) {
      this.#held = false;
      await this.#remove();
      throw new Refused('cannot-tell', `This run lost its lock on ${this.#link.name}${winner === undefined ? '' : ` to ${winner.who} on ${winner.host}`}, so it goes no further.`);
    }
  }

  /** Removes the entry. */
  async release(): Promise<void> {
    if (!this.#held) return;
    this.#held = false;
    await this.#remove();
  }

  async #remove(): Promise<void> {
    await this.#link.read(scripts.lockRelease, { Id: this.#id });
  }

  async #write(state: 'waiting' | 'held', lease: number, signal: AbortSignal): Promise<LockReading> {
    const records = await this.#link.read(scripts.lockWrite, {
      Id: this.#id, Who: this.#holder.who, FromHost: this.#holder.host, Client: this.#holder.client, Run: this.#run, State: state, LeaseSeconds: lease,
    }, { signal });
    this.#renewed = this.#clock.now();
    return readLock(records);
  }
}

/** Seconds since an entry was renewed, by the server's own clock. */
export function secondsSince(entry: LockEntry, reading: LockReading): number {
  return Math.max(0, Math.round((reading.now - entry.heartbeat) / 1000));
}
