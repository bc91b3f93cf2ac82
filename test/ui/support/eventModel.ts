// Events for the page that a test makes up, kept in a plain array: slow and simple, to judge the page by.
import type { EventRow } from '../../../src/events/event-batch.ts';
import type { EventField, EventFilter, EventSort, TextQuery } from '../../../src/events/event-filter.ts';
import type { EventRef } from '../../../src/events/protocol.ts';
import type { EventModel, ModelView } from '../../../src/providers/events/eventModel.ts';

const start = Date.UTC(2026, 2, 29, 8, 0, 0);

/** Whether a text holds what is looked for. */
function says(row: EventRow, query: TextQuery): boolean {
  const text = [row.message ?? '', ...row.data, row.provider, String(row.id)].join('\n');
  if (query.regex) return new RegExp(query.text, query.caseSensitive ? 'u' : 'iu').test(text);
  return query.caseSensitive ? text.includes(query.text) : text.toLowerCase().includes(query.text.toLowerCase());
}

function fits(row: EventRow, filter: EventFilter, but?: EventField): boolean {
  return filter.terms.every((term) => term.field === but || term.values.includes(row[term.field]) !== term.exclude)
    && (filter.time?.from === undefined || row.time >= filter.time.from) && (filter.time?.to === undefined || row.time <= filter.time.to)
    && (filter.text === undefined || says(row, filter.text))
    && (filter.only === undefined || filter.only.some((ref) => isSame(row, ref)));
}

function isSame(row: EventRow, ref: EventRef): boolean {
  return row.recordId === ref.recordId && row.log === ref.log && row.server === ref.server;
}

function value(row: EventRow, field: EventField): string | number {
  return row[field] ?? '';
}

class ArrayView implements ModelView {
  readonly #rows: readonly EventRow[];
  readonly #all: readonly EventRow[];
  readonly #filter: EventFilter;

  constructor(all: readonly EventRow[], filter: EventFilter, sort: EventSort) {
    this.#all = all;
    this.#filter = filter;
    this.#rows = all.filter((row) => fits(row, filter)).sort((a, b) => {
      const [x, y] = [value(a, sort.field), value(b, sort.field)];
      const order = typeof x === 'number' && typeof y === 'number' ? x - y : String(x) < String(y) ? -1 : x === y ? 0 : 1;
      return (sort.descending ? -order : order) || b.time - a.time;
    });
  }

  get count(): number { return this.#rows.length; }
  rows(from: number, count: number): readonly EventRow[] { return this.#rows.slice(from, from + count); }
  indexOf(ref: EventRef): number { return this.#rows.findIndex((row) => isSame(row, ref)); }
  nearest(time: number): number {
    return this.#rows.reduce((best, row, n) => (best < 0 || Math.abs(row.time - time) < Math.abs((this.#rows[best]?.time ?? 0) - time) ? n : best), -1);
  }
  find(query: TextQuery, from: number, backwards: boolean): Promise<{ count: number; index: number; ordinal: number }> {
    const hits = this.#rows.flatMap((row, n) => (says(row, query) ? [n] : []));
    const at = backwards ? hits.findLastIndex((n) => n < from) : hits.findIndex((n) => n > from);
    const ordinal = hits.length === 0 ? -1 : at >= 0 ? at : backwards ? hits.length - 1 : 0;
    return Promise.resolve({ count: hits.length, index: hits[ordinal] ?? -1, ordinal: ordinal + 1 });
  }
  startingWith(field: EventField, prefix: string, from: number): Promise<number> {
    const begins = (n: number): boolean => String(value(this.#rows[n]!, field)).toLowerCase().startsWith(prefix.toLowerCase());
    for (let n = 0; n < this.count; n++) if (begins((from + n) % this.count)) return Promise.resolve((from + n) % this.count);
    return Promise.resolve(-1);
  }
  histogram(buckets: number): Promise<{ from: number; to: number; levels: number[][] }> {
    const times = this.#rows.map((row) => row.time);
    const [from, to] = [times.reduce((a, b) => Math.min(a, b), Infinity), times.reduce((a, b) => Math.max(a, b), -Infinity) + 1];
    const levels = Array.from({ length: 6 }, () => new Array<number>(buckets).fill(0));
    for (const row of this.#rows) levels[row.level]![Math.min(buckets - 1, Math.floor(((row.time - from) / (to - from)) * buckets))]!++;
    return Promise.resolve({ from: times.length === 0 ? 0 : from, to: times.length === 0 ? 1 : to, levels });
  }
  facets(field: 'server' | 'log' | 'level' | 'id' | 'provider', limit: number): Promise<{ values: { value: string | number; count: number }[]; others: number }> {
    const counts = new Map<string | number, number>();
    for (const row of this.#all) if (fits(row, this.#filter, field)) counts.set(row[field], (counts.get(row[field]) ?? 0) + 1);
    const values = [...counts].map(([one, count]) => ({ value: one, count })).sort((a, b) => b.count - a.count);
    return Promise.resolve({ values: values.slice(0, limit), others: Math.max(0, values.length - limit) });
  }
}

/** A model over an array that a test may push to. */
export class ArrayModel implements EventModel {
  readonly all: EventRow[];
  constructor(rows: readonly EventRow[]) { this.all = [...rows]; }
  get loaded(): number { return this.all.length; }
  view(filter: EventFilter, sort: EventSort): Promise<ModelView> { return Promise.resolve(new ArrayView(this.all, filter, sort)); }
  get(ref: EventRef): EventRow | undefined { return this.all.find((row) => isSame(row, ref)); }
}

/** A model of so many rows that none is kept: each is made when it is looked at. */
export class EndlessModel implements EventModel {
  loaded: number;
  constructor(count: number) { this.loaded = count; }
  view(): Promise<ModelView> {
    const count = this.loaded;
    const row = (n: number): EventRow => ({ server: 'SYNC01', log: 'System', recordId: count - n, time: start + (count - n) * 10, id: 7036, level: 4, provider: 'Service Control Manager', message: `Row ${n}`, data: [] });
    return Promise.resolve({
      count, rows: (from, length) => Array.from({ length: Math.max(0, Math.min(length, count - from)) }, (_, n) => row(from + n)), indexOf: (ref) => count - ref.recordId, nearest: () => -1,
      find: () => Promise.resolve({ count: 0, index: -1, ordinal: 0 }), startingWith: () => Promise.resolve(-1), histogram: () => Promise.resolve({ from: 0, to: 1, levels: [[], [], [], [], [], []] }),
      facets: () => Promise.resolve({ values: [], others: 0 }),
    });
  }
  get(ref: EventRef): EventRow { return { server: 'SYNC01', log: 'System', recordId: ref.recordId, time: start, id: 7036, level: 4, provider: 'Service Control Manager', message: '', data: [] }; }
}

const kinds: readonly (readonly [log: string, provider: string, id: number, level: number, message: string])[] = [
  ['System', 'Service Control Manager', 7036, 4, 'The Microsoft Entra ID Sync service entered the running state.'],
  ['System', 'Service Control Manager', 7024, 2, 'The Microsoft Entra ID Sync service terminated with the following service-specific error:\r\n%%2148734209'],
  ['Application', 'ADSync', 6208, 2, 'The server encryption keys could not be decoded with the Log On credentials.\r\n\r\nUser Action\r\nVerify the service account.'],
  ['Application', 'ADSync', 6603, 3, 'The stored secrets of connector "contoso.com" were overwritten.'],
  ['Application', 'Directory Synchronization', 904, 4, 'Scheduler::SchedulerThreadMain : Completed configured scheduler operations.'],
  ['Application', 'ADSync', 6201, 4, 'The server encryption keys have been created.'],
  ['Application', 'ADSync', 2001, 4, 'The service was started successfully.'],
];

/** Ordinary events, newest last, one a minute. */
export function ordinaryEvents(count: number, server = 'SYNC01'): EventRow[] {
  return Array.from({ length: count }, (_, n) => {
    const [log, provider, id, level, message] = kinds[n % 31 < 20 ? 4 : n % kinds.length]!;
    return { server, log, recordId: 1000 + n, time: start + n * 60_000 + 0.5, id, level, provider, message, data: [`value ${n}`] };
  });
}

/** Events whose text is an attack or a fault. */
export const hostileEvents: readonly EventRow[] = [
  ['markup', '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'],
  ['direction', 'paid \u202E0001\u202C to \u2066bob\u2069 \u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627'],
  ['controls', 'bell \u0007 escape \u001B[31m delete \u007F next \u0085 zero \u0000 end'],
  ['surrogates', 'half \uD800 and half \uDC00 whole \u{1F600}'],
  ['long', 'x'.repeat(64 * 1024)],
].map(([name = '', message = ''], n) => ({ server: 'SYNC01', log: 'Application', recordId: 500_000 + n, time: start + 3e8 + n * 1000, id: 9000 + n, level: 3, provider: `hostile ${name}`, message, data: [] }));

/** Windows had no message for it: its values are all there is. */
export const unformatted: EventRow = { server: 'SYNC01', log: 'Application', recordId: 600_000, time: start + 4e8, id: 9100, level: 2, provider: 'Missing Provider', message: undefined, data: ['first value', '<b>second</b>'] };
