import type { TransportFacts } from '../transport.ts';
import type { Channel } from './channel.ts';

/** Authenticated connections to one server that nobody uses at the moment; shared by the sessions of a connection. */
export class ChannelBank {
  private readonly make: () => Promise<Channel>;
  private readonly idleLimit: number;
  private readonly idle: Channel[] = [];
  private readonly all = new Set<Channel>();
  private over = false;

  /**
   * @param make opens a new connection, authenticated by its first request
   * @param idleLimit milliseconds after which an idle connection is not trusted any more
   */
  constructor(make: () => Promise<Channel>, idleLimit: number) {
    this.make = make;
    this.idleLimit = idleLimit;
  }

  /** A connection, a used one where there is one. */
  async take(): Promise<Channel> {
    for (let channel = this.idle.pop(); channel !== undefined; channel = this.idle.pop()) {
      if (this.isFresh(channel)) return channel;
      this.drop(channel);
    }
    const channel = await this.make();
    this.all.add(channel);
    if (this.over) this.drop(channel);
    return channel;
  }

  /** True where a channel may carry another request. */
  isFresh(channel: Channel): boolean {
    return channel.usable && Date.now() - channel.lastUsed < this.idleLimit;
  }

  /** Takes back a connection that no request is using. */
  give(channel: Channel): void {
    if (this.over || !channel.usable || this.idle.length >= mostIdle) this.drop(channel);
    else this.idle.push(channel);
  }

  drop(channel: Channel): void {
    this.all.delete(channel);
    channel.destroy();
  }

  /** Ends every connection, used ones too. */
  close(): void {
    this.over = true;
    for (const channel of [...this.all]) this.drop(channel);
  }
}

/** Most connections kept for later. */
const mostIdle = 4;
/** Most connections of one shell: the pool's Receive, a pipeline's, and what has to overtake them. */
const mostOpen = 4;

/**
 * How a request shares the connections: a `long` one may take its time, a `short` one is over soon, a `patient` one is
 * short and worth no connection of its own.
 */
export type Haste = 'long' | 'short' | 'patient';

interface Waiter {
  haste: Haste;
  readonly resolve: (channel: Channel) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * The connections of one shell. Requests take turns on one; a further one is opened only when a request would have to
 * wait for the end of a Receive, which may be long.
 */
export class ShellChannels {
  /** What the first connection found out. */
  facts: TransportFacts | undefined;
  private readonly bank: ChannelBank;
  private readonly free: Channel[] = [];
  /** Connections in use. */
  private readonly busy = new Map<Channel, Haste>();
  private readonly waiters: Waiter[] = [];
  private opening = 0;
  private failure: Error | undefined;

  constructor(bank: ChannelBank) {
    this.bank = bank;
  }

  /** Runs one request on a connection of its own. A connection whose request failed is dropped. */
  async run<T>(haste: Haste, request: (channel: Channel) => Promise<T>): Promise<T> {
    const channel = await this.acquire(haste);
    try {
      const result = await request(channel);
      this.facts ??= channel.facts;
      return result;
    } finally {
      this.release(channel);
    }
  }

  /** Somebody waits for the patient ones now. */
  hurry(): void {
    for (const waiter of this.waiters) if (waiter.haste === 'patient') waiter.haste = 'short';
    this.assign();
  }

  /** Cuts the connections that are in a request which may be long. */
  cutLong(): void {
    for (const [channel, haste] of this.busy) if (haste === 'long') channel.destroy();
  }

  /** Forgets the connections that are idle: the next request gets a new one. */
  dropIdle(): void {
    for (const channel of this.free.splice(0)) this.bank.drop(channel);
  }

  /** Hands back what is idle, cuts the rest. Later requests fail. */
  close(error: Error): void {
    this.failure ??= error;
    for (const channel of this.free.splice(0)) this.bank.give(channel);
    for (const channel of this.busy.keys()) this.bank.drop(channel);
    for (const waiter of this.waiters.splice(0)) waiter.reject(this.failure);
  }

  private acquire(haste: Haste): Promise<Channel> {
    if (this.failure !== undefined) return Promise.reject(this.failure);
    return new Promise((resolve, reject) => {
      this.waiters.push({ haste, resolve, reject });
      this.assign();
    });
  }

  private release(channel: Channel): void {
    this.busy.delete(channel);
    if (this.failure !== undefined) this.bank.give(channel);
    else if (channel.usable) this.free.push(channel);
    else this.bank.drop(channel);
    this.assign();
  }

  private assign(): void {
    while (this.waiters.length > 0) {
      const channel = this.free.pop();
      if (channel === undefined) break;
      if (this.bank.isFresh(channel)) this.lend(channel);
      else this.bank.drop(channel);
    }
    if (this.opening > 0 || this.busy.size >= mostOpen) return;
    const inUse = [...this.busy.values()];
    const hurried = this.waiters.some(({ haste }) => haste !== 'patient');
    if (this.waiters.length === 0 || inUse.some((haste) => haste !== 'long') || (!hurried && inUse.length > 0)) return;
    this.opening++;
    this.bank.take().then((channel) => {
      this.opening--;
      if (this.failure !== undefined) {
        this.bank.give(channel);
        return;
      }
      this.free.push(channel);
      this.assign();
    }, (error: unknown) => {
      this.opening--;
      this.waiters.shift()?.reject(error);
      this.assign();
    });
  }

  private lend(channel: Channel): void {
    const waiter = this.waiters.shift();
    if (waiter === undefined) return;
    this.busy.set(channel, waiter.haste);
    waiter.resolve(channel);
  }
}
