import type { EventBatch, EventRow } from './event-batch.ts';
import { float64, int32, uint8 } from './store/columns.ts';
import { Contents } from './store/contents.ts';
import { HashIndex, hashNumbers } from './store/hash-index.ts';
import { NameTable } from './store/name-table.ts';

/** What became of a batch's events. */
export interface Appended {
  readonly added: number;
  /** Held already: same server, log, record id and time. */
  readonly duplicates: number;
  /** Not taken, because the store holds as much as it may. */
  readonly refused: number;
}

export interface EventStoreBounds {
  readonly events: number;
  /** Characters of distinct texts. */
  readonly text: number;
}

const bounds: EventStoreBounds = { events: 4_000_000, text: 1_000_000_000 };

/** Events of several servers and logs in columns. An event's number (row) stays its own until something is cleared. */
export class EventStore {
  readonly servers = new NameTable();
  readonly logs = new NameTable();
  readonly providers = new NameTable();
  readonly recordId = float64();
  readonly time = float64();
  readonly id = int32();
  readonly level = uint8();
  readonly server = int32();
  readonly log = int32();
  readonly provider = int32();
  readonly content = int32();
  contents = new Contents();
  #version = 0;
  #clearings = 0;
  #index = this.#newIndex();
  readonly #bounds: EventStoreBounds;

  constructor(most: Partial<EventStoreBounds> = {}) {
    this.#bounds = { ...bounds, ...most };
  }

  get size(): number {
    return this.time.length;
  }

  /** Grows with each change. */
  get version(): number {
    return this.#version;
  }

  /** Grows when rows went away: numbers of rows from before mean something else now. */
  get clearings(): number {
    return this.#clearings;
  }

  get serverNames(): readonly string[] {
    return this.servers.names;
  }

  append(serverName: string, batch: EventBatch): Appended {
    const server = this.servers.intern(serverName);
    const log = this.logs.intern(batch.log);
    let added = 0;
    let duplicates = 0;
    let at = 0;
    for (; at < batch.recordId.length; at++) {
      const recordId = batch.recordId[at] ?? 0;
      const time = batch.time[at] ?? 0;
      if (this.#index.find(hashNumbers(server, log, recordId), (row) => this.#isEvent(row, server, log, recordId) && this.time.at(row) === time) >= 0) {
        duplicates++;
        continue;
      }
      if (this.size >= this.#bounds.events || this.contents.texts.length >= this.#bounds.text) break;
      this.#push(server, log, recordId, time, batch, at);
      added++;
    }
    if (added > 0) this.#version++;
    return { added, duplicates, refused: batch.recordId.length - at };
  }

  row(index: number): EventRow {
    if (!(index >= 0 && index < this.size)) throw new RangeError(`no event ${index} among ${this.size}`);
    const content = this.content.at(index);
    return {
      server: this.servers.get(this.server.at(index)), log: this.logs.get(this.log.at(index)), recordId: this.recordId.at(index), time: this.time.at(index),
      id: this.id.at(index), level: this.level.at(index), provider: this.providers.get(this.provider.at(index)),
      message: this.contents.message(content), data: this.contents.data(content),
    };
  }

  /** The event's row, or -1. Of several with this record id (the log was cleared between them) the newest. */
  find(serverName: string, logName: string, recordId: number): number {
    const server = this.servers.find(serverName);
    const log = this.logs.find(logName);
    let found = -1;
    if (server < 0 || log < 0) return found;
    this.#index.find(hashNumbers(server, log, recordId), (row) => {
      if (this.#isEvent(row, server, log, recordId) && (found < 0 || this.time.at(row) > this.time.at(found))) found = row;
      return false;
    });
    return found;
  }

  /** Forgets the events of a log, of a server, or all. Texts are let go only with the last event: another reading mostly brings them again. */
  clear(serverName?: string, logName?: string): void {
    const server = serverName === undefined ? undefined : this.servers.find(serverName);
    const log = logName === undefined ? undefined : this.logs.find(logName);
    const kept = new Uint32Array(this.size);
    let count = 0;
    for (let row = 0; row < this.size; row++) {
      const goes = (server === undefined || this.server.at(row) === server) && (log === undefined || this.log.at(row) === log);
      if (!goes) kept[count++] = row;
    }
    if (count === this.size) return;
    for (const column of [this.recordId, this.time, this.id, this.level, this.server, this.log, this.provider, this.content]) column.keep(kept.subarray(0, count));
    if (count === 0) this.contents = new Contents();
    this.#index = this.#newIndex();
    for (let row = 0; row < count; row++) this.#index.add(row);
    this.#version++;
    this.#clearings++;
  }

  #newIndex(): HashIndex {
    return new HashIndex((row) => hashNumbers(this.server.at(row), this.log.at(row), this.recordId.at(row)));
  }

  #isEvent(row: number, server: number, log: number, recordId: number): boolean {
    return this.recordId.at(row) === recordId && this.server.at(row) === server && this.log.at(row) === log;
  }

  #push(server: number, log: number, recordId: number, time: number, batch: EventBatch, at: number): void {
    const id = batch.id[at] ?? 0;
    const provider = this.providers.intern(batch.provider[at] ?? '');
    const row = this.size;
    this.recordId.push(recordId);
    this.time.push(time);
    this.id.push(id);
    this.level.push(batch.level[at] ?? 0);
    this.server.push(server);
    this.log.push(log);
    this.provider.push(provider);
    this.content.push(this.contents.intern(provider, id, batch.message[at], batch.data[at] ?? []));
    this.#index.add(row);
  }
}
