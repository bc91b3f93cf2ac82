import type { EventFilter, FacetField, FilterTerm } from '../event-filter.ts';
import type { EventStore } from '../event-store.ts';
import type { RowSearch } from '../search/row-search.ts';
import { rowsBetweenYields, type Work } from './slices.ts';

/** Windows' event ids are 16 bits; a term that names others is looked up in a set. */
const idTable = 65_536;

/** Keeps those of `rows` (newest first) that a filter shows, in their order. Each condition is one pass over what the one before left. */
export function* filterRows(store: EventStore, rows: Uint32Array, filter: EventFilter, search: RowSearch | undefined): Work<Uint32Array> {
  let kept = inTime(store.time.values, rows, filter.time);
  for (const term of filter.terms) kept = yield* keepTerm(store, kept, term);
  if (filter.only !== undefined) kept = yield* keep(kept, isOneOf(store, filter.only));
  if (search !== undefined) kept = yield* keep(kept, yield* search.prepare());
  return kept;
}

/** Newest first: what a time range holds lies together. */
function inTime(times: Float64Array, rows: Uint32Array, range: EventFilter['time']): Uint32Array {
  const firstNotAfter = (bound: number, orEqual: boolean): number => {
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const time = times[rows[middle] ?? 0] ?? 0;
      if (orEqual ? time <= bound : time < bound) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const begin = range?.to === undefined ? 0 : firstNotAfter(range.to, true);
  const end = range?.from === undefined ? rows.length : firstNotAfter(range.from, false);
  return begin === 0 && end === rows.length ? rows : rows.subarray(begin, Math.max(begin, end));
}

function* keepTerm(store: EventStore, rows: Uint32Array, term: FilterTerm): Work<Uint32Array> {
  const codes = facetColumn(store, term.field);
  const inside = term.exclude ? 0 : 1;
  const outside = 1 - inside;
  const wanted = term.values.map((value) => facetCode(store, term.field, value)).filter((code) => code !== undefined);
  if (wanted.some((code) => code >= idTable)) {
    const set = new Set(wanted);
    return yield* keep(rows, (row) => (set.has(codes[row] ?? 0) ? inside : outside));
  }
  const table = new Uint8Array(idTable).fill(outside);
  for (const code of wanted) table[code] = inside;
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let from = 0; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const row = rows[at] ?? 0;
      kept[count] = row;
      count += table[codes[row] ?? 0] ?? outside;
    }
    yield;
  }
  return kept.subarray(0, count);
}

function* keep(rows: Uint32Array, accept: (row: number) => number): Work<Uint32Array> {
  const kept = new Uint32Array(rows.length);
  let count = 0;
  for (let from = 0; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const row = rows[at] ?? 0;
      kept[count] = row;
      count += accept(row);
    }
    yield;
  }
  return kept.subarray(0, count);
}

function isOneOf(store: EventStore, only: NonNullable<EventFilter['only']>): (row: number) => number {
  const logs = store.logs.names.length;
  const byLog: (Set<number> | undefined)[] = [];
  for (const { server, log, recordId } of only) {
    const [serverCode, logCode] = [store.servers.find(server), store.logs.find(log)];
    if (serverCode >= 0 && logCode >= 0) (byLog[serverCode * logs + logCode] ??= new Set()).add(recordId);
  }
  return (row) => (byLog[store.server.at(row) * logs + store.log.at(row)]?.has(store.recordId.at(row)) === true ? 1 : 0);
}

/** The numbers that a facet's column holds. */
export function facetColumn(store: EventStore, field: FacetField): Int32Array | Uint8Array {
  return store[field].values;
}

/** A facet's value as a person or program sees it. */
export function facetValue(store: EventStore, field: FacetField, code: number): string | number {
  switch (field) {
    case 'server': return store.servers.get(code);
    case 'log': return store.logs.get(code);
    case 'provider': return store.providers.get(code);
    case 'level': case 'id': return code;
  }
}

/** The number in the column for a value, undefined where no event has it. Numbers may come as text, as a page's inputs give them. */
function facetCode(store: EventStore, field: FacetField, value: string | number): number | undefined {
  if (field === 'level' || field === 'id') {
    const number = typeof value === 'number' ? value : value.trim() === '' ? Number.NaN : Number(value);
    return Number.isInteger(number) && number >= 0 ? number : undefined;
  }
  const code = (field === 'server' ? store.servers : field === 'log' ? store.logs : store.providers).find(value.toString());
  return code < 0 ? undefined : code;
}
