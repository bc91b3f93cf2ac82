import type { EventStore } from '../../events/event-store.ts';
import { listLogs } from '../../events/reading/list-logs.ts';
import type { LogEnd, LogReach } from '../../events/reading/log-reading.ts';
import type { EventConditions, LogSelection } from '../../events/reading/log-selection.ts';
import { readClock } from '../../events/reading/read-clock.ts';
import { readEventXml } from '../../events/reading/read-event-xml.ts';
import { readEvents } from '../../events/reading/read-events.ts';
import { tailEvents } from '../../events/reading/tail-events.ts';
import type { TailPoint } from '../../events/reading/tail-point.ts';
import type { EventRef } from '../../events/protocol.ts';
import type { PowerShellSession } from '../../session.ts';

/** Most events of one log in one go; the rest is read on request. */
const mostAtOnce = 1_000_000;

/** Something about one server that a person has to know; `key` tells it from the others. */
export type ReadingNews =
  | { readonly kind: 'denied' | 'missing' | 'failed'; readonly log: string; readonly detail: string }
  | { readonly kind: 'cleared'; readonly log: string }
  | { readonly kind: 'gap'; readonly log: string; readonly events: number }
  /** An event that was asked for is not in its log any more. */
  | { readonly kind: 'gone'; readonly log: string }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'full' }
  | { readonly kind: 'lost'; readonly message: string };

/** Where events of one server come from and who hears of it. */
export interface ReadingPorts {
  session(signal: AbortSignal): Promise<PowerShellSession>;
  delay(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Events were added. */
  added(): void;
  /** What is being read, or how it stands, changed. */
  changed(): void;
}

/** How far one log was read. */
interface Progress {
  selection: LogSelection;
  lowest: number | undefined;
  highest: TailPoint['anchor'];
  ended: LogEnd['outcome'] | undefined;
  whole: boolean;
}

/** Reads and follows the logs of one server over a session of its own, into a store that several servers may share. */
export class ServerReading {
  readonly name: string;
  readonly #store: EventStore;
  readonly #ports: ReadingPorts;
  readonly #logs = new Map<string, Progress>();
  readonly #news = new Map<string, ReadingNews>();
  #session: PowerShellSession | undefined;
  #opening: Promise<PowerShellSession> | undefined;
  #errand: Promise<PowerShellSession> | undefined;
  #working: AbortController | undefined;
  #tail: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;
  #following = false;
  #disposed = false;
  /** Minutes that the server's clock is ahead of UTC, once it is known. */
  offset: number | undefined;
  /** The log that is being read. */
  current: string | undefined;

  constructor(name: string, store: EventStore, ports: ReadingPorts) {
    this.name = name;
    this.#store = store;
    this.#ports = ports;
  }

  get active(): boolean { return this.#working !== undefined; }
  /** Whether any log was asked for. */
  get begun(): boolean { return this.#logs.size > 0; }
  get following(): boolean { return this.#following; }
  get #stopped(): boolean { return ['lost', 'cancelled', 'full'].some((key) => this.#news.has(key)); }
  get news(): readonly ReadingNews[] { return [...this.#news.values()]; }
  /** Whether everything was read that the logs hold and that was asked for. */
  get complete(): boolean { return !this.active && this.#logs.size > 0 && [...this.#logs.values()].every((log) => log.whole || log.ended === 'missing' || log.ended === 'denied'); }

  /**
   * Reads these logs, newest first; what was read before is asked for again only where other events are wanted. `first`: an event
   * that is wanted before all others, over the same session: another one takes the server longer than the event.
   */
  async read(selections: readonly LogSelection[], first?: Pick<EventRef, 'log' | 'recordId'>): Promise<void> {
    for (const selection of selections) {
      const known = this.#logs.get(selection.log);
      if (known === undefined) this.#logs.set(selection.log, { selection, lowest: undefined, highest: undefined, ended: undefined, whole: false });
      else if (JSON.stringify(known.selection.any ?? []) !== JSON.stringify(selection.any ?? []) && (known.selection.any?.length ?? 0) > 0) {
        const any: readonly EventConditions[] = (selection.any?.length ?? 0) === 0 ? [] : [...known.selection.any ?? [], ...selection.any ?? []];
        this.#logs.set(selection.log, { selection: { log: selection.log, any }, lowest: undefined, highest: known.highest, ended: undefined, whole: false });
      }
    }
    await this.#work(first);
  }

  /** Goes on where reading was cancelled, broken off or full. */
  async more(): Promise<void> {
    for (const key of ['cancelled', 'lost', 'full']) this.#news.delete(key);
    await this.#work();
    if (this.#following) void this.#startTail();
  }

  /** Reads what was written since these logs were read, once; nothing where they are being read or followed. */
  async catchUp(): Promise<void> {
    if (this.active || this.#tail !== undefined || this.#disposed) return;
    // A log that was empty has no event to go on behind.
    for (const log of this.#logs.values()) if (log.ended === 'read' && log.highest === undefined) Object.assign(log, { ended: undefined, whole: false });
    // What was called off, broke off or is full goes on only when it is asked to.
    if (!this.#stopped) await this.#work();
    await this.#startTail(true);
  }

  /** Reads everything that stands around an instant in the logs that are shown. */
  async around(time: number, seconds: number): Promise<void> {
    const bounds = { from: time - seconds * 1000, to: time + seconds * 1000 };
    const logs = [...this.#logs.values()].filter((log) => log.ended !== 'missing' && log.ended !== 'denied').map(({ selection }) => ({ log: selection.log, any: [{ time: bounds }], limit: 20_000 }));
    const session = await this.#errands();
    for await (const reading of readEvents(session, logs)) if (reading.kind === 'batch') this.#append(reading.batch);
  }

  /** One event by its record id, read where it is not loaded, while other events may be being read. */
  async fetch({ log, recordId }: Pick<EventRef, 'log' | 'recordId'>): Promise<void> {
    if (this.#store.find(this.name, log, recordId) < 0) await this.#fetch(await this.#errands(), log, recordId);
  }

  /** Every log that the account may hear of. */
  async logs(): Promise<readonly LogReach[]> {
    return await listLogs(await this.#errands());
  }

  /** The XML that Windows keeps of an event; undefined where it is gone. */
  async xml(log: string, recordId: number, signal: AbortSignal): Promise<string | undefined> {
    return await readEventXml(await this.#errands(), log, recordId, signal);
  }

  /** Stops reading; what came stays. */
  cancel(): void { this.#working?.abort(); }

  /** Follows new events, or no longer. */
  follow(on: boolean): void {
    if (on === this.#following) return;
    this.#following = on;
    if (on) void this.#startTail();
    else this.#tail?.controller.abort();
    this.#ports.changed();
  }

  /** Stops everything and closes the sessions. */
  async dispose(): Promise<void> {
    this.#disposed = true;
    this.#following = false;
    this.#working?.abort();
    this.#tail?.controller.abort();
    const errand = await this.#errand?.catch(() => undefined);
    for (const session of [this.#session, errand]) await session?.[Symbol.asyncDispose]().then(undefined, () => undefined);
  }

  async #fetch(session: PowerShellSession, log: string, recordId: number, signal?: AbortSignal): Promise<void> {
    this.#news.delete('gone');
    let wasRead = false;
    for await (const reading of readEvents(session, [{ log, any: [{ recordIds: { from: recordId, to: recordId } }], limit: 1 }], { ...(signal !== undefined && { signal }) })) {
      if (reading.kind === 'batch') this.#append(reading.batch);
      else if (reading.kind === 'end') wasRead = reading.end.outcome === 'read';
    }
    // A log that may not be read says nothing about its events.
    if (wasRead && this.#store.find(this.name, log, recordId) < 0) this.#news.set('gone', { kind: 'gone', log });
    this.#ports.changed();
  }

  async #work(first?: Pick<EventRef, 'log' | 'recordId'>): Promise<void> {
    if (this.#working !== undefined || this.#disposed) return;
    const open = [...this.#logs.values()].filter((log) => !log.whole && log.ended !== 'missing' && log.ended !== 'denied');
    if (open.length === 0) return;
    const working = this.#working = new AbortController();
    this.#ports.changed();
    try {
      const session = await this.#open(working.signal);
      if (first !== undefined) await this.#fetch(session, first.log, first.recordId, working.signal);
      await this.#readClock(session, working.signal);
      const logs = open.map((log): LogSelection => ({ ...log.selection, ...(log.lowest === undefined ? {} : { before: log.lowest }), limit: mostAtOnce }));
      // A log that more is asked of meanwhile has another progress by then, of which this reading tells nothing.
      const asked = new Map(open.map((log) => [log.selection.log, log]));
      for await (const reading of readEvents(session, logs, { signal: working.signal })) {
        if (reading.kind === 'reach') this.current = reading.reach.log;
        else if (reading.kind === 'batch') this.#append(reading.batch, asked.get(reading.batch.log));
        else this.#ended(reading.end, asked.get(reading.end.log));
        this.#ports.changed();
        if (this.#news.has('full')) break;
      }
    } catch (error) {
      this.#failed(error, working.signal);
    } finally {
      this.#working = undefined;
      this.current = undefined;
      this.#ports.changed();
    }
    // What was asked for meanwhile; a reading that broke off waits for the person.
    const isAsked = [...this.#logs.values()].some((log) => log.ended === undefined);
    if (isAsked && !this.#stopped) await this.#work();
    else if (this.#following) void this.#startTail();
  }

  /** `log`: whose reading these events are the next of; events out of turn say nothing of how far a log was read. */
  #append(batch: Parameters<EventStore['append']>[1], log?: Progress): void {
    const { added, refused } = this.#store.append(this.name, batch);
    if (refused > 0) this.#news.set('full', { kind: 'full' });
    if (log !== undefined) {
      for (const [n, recordId] of batch.recordId.entries()) {
        if (log.lowest === undefined || recordId < log.lowest) log.lowest = recordId;
        if (log.highest === undefined || recordId > log.highest.recordId) log.highest = { recordId, time: batch.time[n] ?? 0 };
      }
    }
    if (added > 0) this.#ports.added();
  }

  #ended(end: LogEnd, log: Progress | undefined): void {
    if (log !== undefined) {
      log.ended = end.outcome;
      log.whole = end.outcome === 'read' && end.rows < mostAtOnce;
    }
    const key = `end/${end.log}`;
    if (end.outcome === 'read') this.#news.delete(key);
    else this.#news.set(key, { kind: end.outcome, log: end.log, detail: end.detail });
  }

  #failed(error: unknown, signal: AbortSignal): void {
    if (this.#disposed) return;
    if (signal.aborted) this.#news.set('cancelled', { kind: 'cancelled' });
    else this.#news.set('lost', { kind: 'lost', message: (error as Error).message });
  }

  async #open(signal: AbortSignal): Promise<PowerShellSession> {
    if (this.#session?.alive === true) return this.#session;
    // Reading and following may begin at once, and one session is all they need.
    this.#opening ??= this.#ports.session(signal).finally(() => { this.#opening = undefined; });
    const session = await this.#opening;
    if (this.#disposed) {
      await session[Symbol.asyncDispose]();
      throw new Error('The tab was closed meanwhile.');
    }
    this.#session = session;
    return session;
  }

  /** A second session: a short question must not wait for a long reading. */
  #errands(): Promise<PowerShellSession> {
    const old = this.#errand;
    this.#errand = (async () => {
      const standing = await old?.catch(() => undefined);
      return standing?.alive === true ? standing : await this.#ports.session(new AbortController().signal);
    })();
    return this.#errand;
  }

  async #readClock(session: PowerShellSession, signal: AbortSignal): Promise<void> {
    if (this.offset !== undefined) return;
    try {
      this.offset = await readClock(session, signal);
    } catch (error) {
      if (signal.aborted || !session.alive) throw error;
      // Times are shown in UTC then, and the page says so.
    }
  }

  /** Follows the logs; `once`: a single look at what is new. */
  async #startTail(once = false): Promise<void> {
    if (this.#tail !== undefined || this.active || this.#disposed) return;
    const controller = new AbortController();
    const delay = async (milliseconds: number, ended: AbortSignal): Promise<void> => {
      if (once) controller.abort();
      else await this.#ports.delay(milliseconds, ended);
    };
    const done = this.#follow(controller.signal, delay).finally(() => {
      this.#tail = undefined;
      this.#ports.changed();
    });
    this.#tail = { controller, done };
    await done;
    // It may have been asked for during that look.
    if (once && this.#following && !this.#news.has('lost')) void this.#startTail();
  }

  async #follow(signal: AbortSignal, delay: ReadingPorts['delay']): Promise<void> {
    const logs = [...this.#logs.values()].filter((log) => log.ended !== 'missing' && log.ended !== 'denied');
    const points = new Map(logs.flatMap(({ selection, highest }): [string, TailPoint][] => (highest === undefined ? [] : [[selection.log, { recordId: highest.recordId, anchor: highest }]])));
    try {
      const session = await this.#open(signal);
      for await (const item of tailEvents(session, logs.map(({ selection }) => selection), { signal, delay, points })) {
        if (item.kind === 'batch') this.#append(item.batch, this.#logs.get(item.batch.log));
        else if (item.kind === 'end') this.#ended(item.end, this.#logs.get(item.end.log));
        else if (item.kind === 'gap') this.#news.set(`gap/${item.log}`, { kind: 'gap', log: item.log, events: item.to - item.from + 1 });
        else {
          const log = this.#logs.get(item.log);
          if (log !== undefined) log.highest = undefined;
          this.#news.set(`cleared/${item.log}`, { kind: 'cleared', log: item.log });
        }
        this.#ports.changed();
      }
    } catch (error) {
      if (!signal.aborted) this.#failed(error, signal);
    }
  }
}
