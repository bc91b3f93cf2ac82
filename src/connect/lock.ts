import { lockWinner, readLock, secondsSince, type LockEntry, type LockReading } from './lock-entry.ts';
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

/** An entry that is not renewed for so long is dead, unless it asked for longer. */
const leaseSeconds = 120;
/** How often a live run renews its entry, in milliseconds. */
const heartbeatInterval = 25_000;
/** After writing the own entry: long enough for a client that wrote at the same moment to be seen, in milliseconds. */
const settleTime = 1_200;
/** A client that waits for the lock looks again within this time, in seconds. */
const longestWaiting = 10;

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
  /** Said again to whoever asks later: nothing is done any more without the lock. */
  #lost: Refused | undefined;
  #renewed = 0;

  /** `id`: a GUID for this client's entry, never used by another; a run that is resumed has another one each time. */
  constructor(link: ServerLink, clock: Clock, holder: Holder, run: string, id: string) {
    this.#link = link;
    this.#clock = clock;
    this.#holder = holder;
    this.#run = run;
    this.#id = id.toLowerCase();
  }

  /** False before it was taken, and once it is known to be lost. */
  get held(): boolean {
    return this.#held;
  }

  /** Names this client's entry under Lock. */
  get id(): string {
    return this.#id;
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
      // One that waited a moment ago is about to get the lock or to be refused; one that waits for longer died while it did.
      const inTheWay = holder !== undefined && holder.id !== this.#id && (holder.held || secondsSince(holder, first) >= longestWaiting);
      if (takeOver !== undefined && inTheWay && await takeOver(holder, first)) {
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
    if (this.#lost !== undefined) throw this.#lost;
    if (!this.#held) return;
    if (forSeconds === 0 && this.#clock.now() - this.#renewed < heartbeatInterval) return;
    const reading = await this.#write('held', Math.max(leaseSeconds, forSeconds + leaseSeconds), signal);
    const winner = lockWinner(reading);
    if (winner?.id !== this.#id) {
      this.#held = false;
      this.#lost = new Refused('cannot-tell', `This run lost its lock on ${this.#link.name}${winner === undefined ? ': another client has held it meanwhile' : ` to ${winner.who} on ${winner.host}`}, so it goes no further.`);
      await this.#remove();
      throw this.#lost;
    }
  }

  /** Does work that does not look at the clock itself, and renews the entry meanwhile. */
  async whileKept<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const settled = { is: false };
    const done = work().finally(() => { settled.is = true; });
    done.catch(() => undefined);
    const isOver = (): boolean => settled.is;
    while (!isOver()) {
      const stop = new AbortController();
      await Promise.race([done.then(() => undefined, () => undefined), this.#clock.delay(heartbeatInterval, AbortSignal.any([stop.signal, signal])).catch(() => undefined)]);
      stop.abort();
      if (signal.aborted) break;
      if (!isOver()) await this.keep(signal);
    }
    return done;
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
