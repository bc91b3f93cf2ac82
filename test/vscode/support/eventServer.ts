import type { EventRow } from '../../../src/events/event-batch.ts';
import type { HostMessage, PageRequest, Reply, RequestKind } from '../../../src/events/protocol.ts';
import type { PowerShellSession, PSValue, ServerConnection } from '../../../src/session.ts';
import { batch, begin, end, object, ScriptedSession, type Event } from '../../unit/events-reading/scripted-session.ts';

/** What a log of an event server is: its events, newest first, or why it cannot be read. */
export interface ServedLog {
  events: readonly Event[];
  outcome?: 'denied' | 'missing';
}

/** Times of events in 100 ns since 1970, some seconds after a day of 2026. */
export const at = (seconds: number): bigint => BigInt(Date.UTC(2026, 2, 29, 8, 0, seconds)) * 10_000n;

/** A server that answers what the event viewer asks, over sessions of any number; its connection can break. */
export class EventServer implements ServerConnection {
  readonly server = 'SYNC1';
  readonly alive = true;
  readonly closed = new Promise<undefined>(() => undefined);
  readonly logs: Map<string, ServedLog>;
  /** Names of the scripts that were called. */
  readonly calls: string[] = [];
  /** True: the next reading breaks off after what it gave. */
  breaks = false;

  constructor(logs: Readonly<Record<string, ServedLog>>) {
    this.logs = new Map(Object.entries(logs));
  }

  openSession(): Promise<PowerShellSession> {
    const session: ScriptedSession = new ScriptedSession(...Array.from({ length: 1000 }, () => (parameters: Readonly<Record<string, PSValue>>): Iterable<PSValue> => this.#answer(session.calls.at(-1)?.name ?? '', parameters)));
    return Promise.resolve(session);
  }

  [Symbol.asyncDispose](): Promise<void> { return Promise.resolve(); }

  *#answer(name: string, parameters: Readonly<Record<string, PSValue>>): Generator<PSValue> {
    this.calls.push(name);
    if (name === 'read-clock') yield '+02:00';
    else if (name === 'list-logs') {
      const names = [...this.logs.keys()];
      const all = (value: (log: string) => number): string => names.map(value).join(' ');
      yield object({ log: names, count: all((log) => this.#events(log).length), oldest: all((log) => this.#events(log).at(-1)?.record ?? 0), enabled: all(() => 1), circular: all(() => 1) });
    } else if (name === 'read-trace-logs') yield object({ name: 'trace-20260329-080000.log', text: 'Opened with Password=Trace-Secret-1\n', problem: '' });
    else for (const log of parameters['Log'] as readonly string[]) yield* this.#read(log, parameters['Oldest'] === true);
  }

  *#read(log: string, oldestFirst: boolean): Generator<PSValue> {
    const { events, outcome } = this.logs.get(log) ?? { events: [], outcome: 'missing' as const };
    yield begin(log, { count: outcome === undefined ? events.length : -1, oldest: events.at(-1)?.record ?? -1 });
    if (outcome === undefined && events.length > 0) yield batch(log, oldestFirst ? events.toReversed() : events);
    if (this.breaks) throw new Error('The connection to SYNC1 was lost.');
    yield end(log, outcome === undefined ? events.length : 0, outcome ?? 'read', outcome === 'denied' ? 'Attempted to perform an unauthorized operation.' : '');
  }

  #events(log: string): readonly Event[] { return this.logs.get(log)?.events ?? []; }
}

/** The page's end of the viewer, without a page: what the host tells, and answers to what the page asks. */
export class PageEnd {
  readonly told: HostMessage[] = [];
  receive: (message: unknown) => Promise<void> = () => Promise.resolve();
  #asked = 0;

  readonly post = (message: HostMessage): void => { this.told.push(message); };

  /** The last message of a kind. */
  last<K extends HostMessage['kind']>(kind: K): Extract<HostMessage, { kind: K }> | undefined {
    return this.told.findLast((message): message is Extract<HostMessage, { kind: K }> => message.kind === kind);
  }

  /** Texts of the notices that are shown now. */
  get notices(): readonly string[] { return this.last('notices')?.notices.map(({ text }) => text) ?? []; }

  /** Asks the host something; rejects with what it says went wrong. */
  async ask<K extends RequestKind>(request: Extract<PageRequest, { kind: K }>): Promise<Reply<K>> {
    const id = ++this.#asked;
    await this.receive({ kind: 'request', id, request });
    const answer = this.told.findLast((message) => (message.kind === 'reply' || message.kind === 'failed') && message.id === id);
    if (answer?.kind === 'reply') return answer.value as Reply<K>;
    throw new Error(answer?.kind === 'failed' ? answer.failure.message : 'no answer');
  }

  /** Everything that is shown, newest first. */
  async rows(): Promise<readonly Pick<EventRow, 'id' | 'log' | 'recordId'>[]> {
    const { count } = await this.ask({ kind: 'view', filter: { terms: [] }, sort: { field: 'time', descending: true } });
    return (await this.ask({ kind: 'rows', from: 0, count, next: false })).rows;
  }
}
