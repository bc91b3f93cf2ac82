import type { EventBatch, EventRow } from '../../src/events/event-batch.ts';
import type { EventFilter, EventSort } from '../../src/events/event-filter.ts';
import { EventStore } from '../../src/events/event-store.ts';
import { EventView } from '../../src/events/event-view.ts';
import { histogram } from '../../src/events/analysis/histogram.ts';
import { atOnce } from '../../src/events/view/slices.ts';
import type { Figure } from './figure.ts';
import { median } from './figure.ts';

const batchSize = 500;
const rounds = 5;

/** The same events every time: a linear congruential generator. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

/** As a Connect server's logs read: services that start and stop, sync runs with counts and ids, now and then something long. About a fifth of the messages are unlike any other. */
function* batches(count: number): Generator<{ server: string; batch: EventBatch }> {
  const pick = random(7);
  const servers = ['connect01', 'connect02'];
  let time = Date.UTC(2026, 10, 23);
  for (let made = 0, at = 0; made < count; at++) {
    const log = at % 3 === 0 ? 'System' : 'Application';
    const size = Math.min(batchSize, count - made);
    const rows = Array.from({ length: size }, (_, i): Omit<EventRow, 'server' | 'log' | 'recordId' | 'time'> & { time: number } => {
      time -= pick(900) + 0.25;
      const kind = pick(10);
      const guid = (): string => `${pick(2 ** 31).toString(16).padStart(8, '0')}-${pick(65_536).toString(16).padStart(4, '0')}-4a1b-9c2d-${pick(2 ** 31).toString(16).padStart(8, '0')}${pick(65_536).toString(16).padStart(4, '0')}`;
      if (kind < 4) {
        const data = [`Service ${pick(120)}`, pick(2) === 0 ? 'running' : 'stopped'];
        return { time, id: 7036, level: 4, provider: 'Service Control Manager', data, message: `The ${data[0] ?? ''} service entered the ${data[1] ?? ''} state.` };
      }
      if (kind < 6) {
        const data = [`contoso${pick(20)}.com`, pick(9000).toString(), pick(40).toString()];
        return { time, id: 6900 + pick(20), level: 4, provider: 'ADSync', data, message: `The management agent "${data[0] ?? ''}" completed run profile "Delta Import" with ${data[1] ?? ''} changes and ${data[2] ?? ''} errors.\r\n\r\nAdditional Information\r\nDiscovery errors: 0\r\nSynchronization errors: 0` };
      }
      if (kind < 8) {
        const data = [guid(), pick(100_000).toString()];
        return { time, id: 904, level: 4, provider: 'Directory Synchronization', data, message: `Export cycle completed. Tracking id: ${data[0] ?? ''}. Objects sent: ${data[1] ?? ''}.` };
      }
      if (kind < 9) return { time, id: 6208, level: 2, provider: 'ADSync', data: [], message: `The server encryption keys could not be accessed.\r\n\r\nUser Action\r\nIf the account of the service was changed, put it back (${pick(2000)}).` };
      const data = [pick(3000).toString(), guid(), `CN=User ${i},OU=Staff,DC=contoso,DC=com`];
      return { time, id: 6100 + pick(5), level: 3, provider: 'ADSync', data, message: `The management agent step execution completed with warnings; ${pick(700)} ms were spent on ${data[2] ?? ''} [${pick(2 ** 30)}].` };
    });
    const column = <K extends keyof (typeof rows)[number]>(key: K): (typeof rows)[number][K][] => rows.map((row) => row[key]);
    yield {
      server: servers[at % 2] ?? '',
      batch: { log, recordId: rows.map((_, i) => 10_000_000 - made - i), time: column('time'), id: column('id'), level: column('level'), provider: column('provider'), message: column('message'), data: column('data') },
    };
    made += size;
  }
}

const heap = (): number => {
  (globalThis as { gc?: () => void }).gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** Processor time of this process so far, in milliseconds: it does not count what others do on the machine. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A peer that takes seconds is tried once. */
function timed(action: () => unknown, turns = rounds): number {
  const times = Array.from({ length: turns }, () => {
    const start = cpu();
    action();
    return cpu() - start;
  });
  return median(times);
}

const all: EventFilter = { terms: [] };
const newest: EventSort = { field: 'time', descending: true };
const textOf = (text: string, regex = false): EventFilter => ({ terms: [], text: { text, regex, caseSensitive: false } });

function view(store: EventStore, filter: EventFilter, sort: EventSort = newest): EventView {
  const made = EventView.create(store, filter, sort);
  if (!(made instanceof EventView)) throw new Error(made.code);
  atOnce(made.update());
  return made;
}

/** What the view is held against: an array of objects, filtered and sorted with what arrays bring. */
const naive = {
  filter: (rows: readonly EventRow[], accept: (row: EventRow) => boolean): readonly EventRow[] => rows.filter(accept),
  sort: (rows: readonly EventRow[], field: EventSort['field']): readonly EventRow[] => rows.toSorted((a, b) => { const [x, y] = [a[field] ?? '', b[field] ?? '']; return x < y ? -1 : x > y ? 1 : b.time - a.time; }),
};

export function measure(count: number): Figure[] {
  const size = count.toLocaleString('en-US');
  const figures: Figure[] = [];
  const say = (what: string, ours: number, peer: number, budget: string, unit = 'ms'): void => {
    figures.push({ name: `${size} events: ${what}`, value: ours, unit, beside: `array of objects ${peer.toFixed(1)} ${unit}${budget === '' ? '' : `, budget ${budget}`}`, ratio: ours / peer });
  };

  const store = new EventStore();
  const before = heap();
  let appending = 0;
  for (const { server, batch } of batches(count)) {
    const start = cpu();
    store.append(server, batch);
    appending += cpu() - start;
  }
  const ours = (heap() - before) / count;

  const empty = heap();
  const rows: EventRow[] = [];
  const held = new Set<string>();
  let pushing = 0;
  for (const { server, batch } of batches(count)) {
    const start = cpu();
    batch.recordId.forEach((recordId, at) => {
      const key = `${server}|${batch.log}|${recordId}`;
      if (held.has(key)) return;
      held.add(key);
      rows.push({ server, log: batch.log, recordId, time: batch.time[at] ?? 0, id: batch.id[at] ?? 0, level: batch.level[at] ?? 0, provider: batch.provider[at] ?? '', message: batch.message[at], data: batch.data[at] ?? [] });
    });
    pushing += cpu() - start;
  }
  say('memory of one, with its index', ours, (heap() - empty) / count, '≤ 400 bytes', 'bytes');
  say('append', appending, pushing, '');

  const first = cpu();
  const whole = view(store, all);
  figures.push({ name: `${size} events: first view, its order included`, value: cpu() - first, unit: 'ms' });

  const levelAndId: EventFilter = { terms: [{ field: 'level', values: [2, 3], exclude: false }, { field: 'id', values: [6208, 6100, 6101], exclude: false }] };
  say('filter by level and id', timed(() => view(store, levelAndId)), timed(() => naive.filter(rows, (row) => (row.level === 2 || row.level === 3) && (row.id === 6208 || row.id === 6100 || row.id === 6101)), 1), '≤ 20 ms');
  const holds = (text: string) => (row: EventRow): boolean => [row.message ?? '', ...row.data, row.provider, row.id.toString()].some((subject) => subject.toLowerCase().includes(text));
  say('text search, in one kind', timed(() => view(store, textOf('encryption keys'))), timed(() => naive.filter(rows, holds('encryption keys')), 1), '≤ 100 ms');
  say('text search, nothing found', timed(() => view(store, textOf('no such thing'))), timed(() => naive.filter(rows, holds('no such thing')), 1), '≤ 100 ms');
  say('text search, across a value', timed(() => view(store, textOf('stopped state'))), timed(() => naive.filter(rows, holds('stopped state')), 1), '≤ 100 ms');
  const pattern = /warnings; \d+ ms/;
  say('regular expression', timed(() => view(store, textOf('warnings; \\d+ ms', true))), timed(() => naive.filter(rows, (row) => [row.message ?? '', ...row.data, row.provider, row.id.toString()].some((subject) => pattern.test(subject.toLowerCase()))), 1), '');
  const unsorted = view(store, all);
  const firstSort = cpu();
  unsorted.sortBy({ field: 'message', descending: false });
  atOnce(unsorted.update());
  figures.push({ name: `${size} events: first sort by message, every message ranked`, value: cpu() - firstSort, unit: 'ms' });
  say('regular expression, no literal in it', timed(() => view(store, textOf('\\d{6}z', true))), timed(() => naive.filter(rows, (row) => [row.message ?? '', ...row.data, row.provider, row.id.toString()].some((subject) => /\d{6}z/.test(subject.toLowerCase()))), 1), '');
  for (const field of ['time', 'recordId', 'id', 'level', 'provider', 'server', 'message'] as const) {
    const sorted = view(store, all);
    say(`sort by ${field}`, timed(() => {
      sorted.sortBy({ field, descending: field !== 'time' });
      atOnce(sorted.update());
    }), timed(() => naive.sort(rows, field), 1), '≤ 60 ms');
  }
  say('histogram of 200 buckets', timed(() => atOnce(histogram(store, whole.indexes, 200))), timed(() => {
    const buckets = new Map<string, number>();
    for (const row of rows) { const key = `${Math.floor(row.time / 3_600_000)} ${row.level}`; buckets.set(key, (buckets.get(key) ?? 0) + 1); }
  }), '');
  say('a page of 60 rows', timed(() => whole.rows(count >> 1, (count >> 1) + 60)), timed(() => rows.slice(count >> 1, (count >> 1) + 60)), '≤ 30 ms on screen');

  const tails = Array.from({ length: rounds }, (_, round): EventBatch => {
    const [one] = [...batches(batchSize)];
    if (one === undefined) throw new Error('no batch');
    return { ...one.batch, recordId: one.batch.recordId.map((id) => id + (round + 1) * 10_000), time: one.batch.time.map((time) => time + (round + 1) * 3_600_000) };
  });
  for (const sort of [newest, { field: 'provider', descending: false } as const]) {
    const live = view(store, textOf('service'), sort);
    figures.push({ name: `${size} events: 500 more merged into a search by ${sort.field}`, value: median(tails.map((batch) => {
      store.append(`tail ${sort.field}`, batch);
      const start = cpu();
      atOnce(live.update());
      return cpu() - start;
    })), unit: 'ms', beside: 'budget: well under a frame, 16 ms' });
  }
  return figures;
}

/** The event store beside an array of objects, at three sizes. */
export function run(): Promise<Figure[]> {
  return Promise.resolve([10_000, 100_000, 1_000_000].flatMap(measure));
}
