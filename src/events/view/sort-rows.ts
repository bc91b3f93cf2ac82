import type { EventSort } from '../event-filter.ts';
import type { EventStore } from '../event-store.ts';
import type { NameTable } from '../store/name-table.ts';
import { sortByMessage } from './message-order.ts';
import { compareNewestFirst } from './newest-first.ts';
import { countingSort, doubleSort } from './radix-sort.ts';
import type { Work } from './slices.ts';

/** Windows' event ids are 16 bits. */
const idTable = 65_536;

/** The key of a small number is the number. */
const itself = Int32Array.from({ length: idTable }, (_, at) => at);

/** Texts are ordered by code units: the same on every machine, and quick. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The order of a view; no two rows are equal in it. An event without a message counts as one with an empty message. */
export function comparatorOf(store: EventStore, { field, descending }: EventSort): (a: number, b: number) => number {
  const by = fieldComparator(store, field);
  return (a, b) => {
    const order = by(a, b);
    return order === 0 ? compareNewestFirst(store, a, b) : descending ? -order : order;
  };
}

function fieldComparator(store: EventStore, field: EventSort['field']): (a: number, b: number) => number {
  switch (field) {
    case 'server': return (a, b) => compareText(store.servers.get(store.server.at(a)), store.servers.get(store.server.at(b)));
    case 'log': return (a, b) => compareText(store.logs.get(store.log.at(a)), store.logs.get(store.log.at(b)));
    case 'provider': return (a, b) => compareText(store.providers.get(store.provider.at(a)), store.providers.get(store.provider.at(b)));
    case 'message': return (a, b) => compareText(store.contents.message(store.content.at(a)) ?? '', store.contents.message(store.content.at(b)) ?? '');
    case 'level': case 'id': case 'time': case 'recordId': return (a, b) => store[field].at(a) - store[field].at(b);
  }
}

/** Sorts rows that come newest first. */
export function* sortRows(store: EventStore, rows: Uint32Array, { field, descending }: EventSort): Work<Uint32Array> {
  switch (field) {
    case 'time': return descending ? rows.slice() : oldestFirst(rows, store.time.values);
    case 'recordId': return yield* doubleSort(rows, store.recordId.values, descending);
    case 'level': return yield* countingSort(rows, store.level.values, itself, 256, descending);
    case 'id': return yield* sortById(store, rows, descending);
    case 'server': return yield* sortByName(rows, store.server.values, store.servers, descending);
    case 'log': return yield* sortByName(rows, store.log.values, store.logs, descending);
    case 'provider': return yield* sortByName(rows, store.provider.values, store.providers, descending);
    case 'message': return yield* sortByMessage(store, rows, descending);
  }
}

/** Turned round, but events of one time keep newest first. */
function oldestFirst(rows: Uint32Array, times: Float64Array): Uint32Array {
  const turned = new Uint32Array(rows.length);
  let at = 0;
  for (let end = rows.length; end > 0;) {
    const time = times[rows[end - 1] ?? 0];
    let begin = end - 1;
    while (begin > 0 && times[rows[begin - 1] ?? 0] === time) begin--;
    for (let from = begin; from < end; from++) turned[at++] = rows[from] ?? 0;
    end = begin;
  }
  return turned;
}

function* sortById(store: EventStore, rows: Uint32Array, descending: boolean): Work<Uint32Array> {
  const ids = store.id.values;
  if (rows.every((row) => (ids[row] ?? 0) >>> 0 < idTable)) return yield* countingSort(rows, ids, itself, idTable, descending);
  return yield* doubleSort(rows, Float64Array.from(ids), descending);
}

function* sortByName(rows: Uint32Array, codes: Int32Array, { names }: NameTable, descending: boolean): Work<Uint32Array> {
  const ranks = new Int32Array(names.length);
  [...names.keys()].sort((a, b) => compareText(names[a] ?? '', names[b] ?? '')).forEach((code, rank) => { ranks[code] = rank; });
  return yield* countingSort(rows, codes, ranks, names.length, descending);
}
