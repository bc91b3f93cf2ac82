import type { EventStore } from '../event-store.ts';
import { doubleSort } from './radix-sort.ts';
import { rowsBetweenYields, type Work } from './slices.ts';

/** Negative when `a` comes first: later time, then higher record id, then appended later. No two rows are equal. */
export function compareNewestFirst(store: EventStore, a: number, b: number): number {
  const times = store.time.values;
  const byTime = (times[b] ?? 0) - (times[a] ?? 0);
  if (byTime !== 0) return byTime;
  const ids = store.recordId.values;
  const byRecord = (ids[b] ?? 0) - (ids[a] ?? 0);
  return byRecord !== 0 ? byRecord : b - a;
}

const ofStores = new WeakMap<EventStore, NewestFirst>();

/** The one order that all views of a store share. */
export function newestFirst(store: EventStore): NewestFirst {
  let order = ofStores.get(store);
  if (order === undefined) ofStores.set(store, order = new NewestFirst(store));
  return order;
}

/** Every row of a store, newest first: the order below all other orders, and the timeline of several servers. Kept up by merging in what came since. */
export class NewestFirst {
  readonly #store: EventStore;
  #rows: Uint32Array = new Uint32Array(0);
  #clearings = -1;

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** The first `size` rows of the store in order; what was appended later is left out. */
  *rows(size: number): Work<Uint32Array> {
    const store = this.#store;
    if (this.#clearings !== store.clearings) {
      this.#clearings = store.clearings;
      this.#rows = new Uint32Array(0);
    }
    let held = this.#rows;
    // Another view came further meanwhile.
    if (held.length > size) held = held.filter((row) => row < size);
    if (held.length === size) return held;
    const clearings = store.clearings;
    const fresh = yield* sortNewestFirst(store, held.length, size);
    const merged = yield* mergeSorted(held, fresh, (a, b) => compareNewestFirst(store, a, b));
    if (clearings === store.clearings && merged.length > this.#rows.length) this.#rows = merged;
    return merged;
  }
}

/** Rows from `from` up to, not including, `to`, the last one first. */
function sequence(from: number, to: number): Uint32Array {
  const rows = new Uint32Array(to - from);
  for (let at = 0; at < rows.length; at++) rows[at] = to - 1 - at;
  return rows;
}

/** The rows from `from` up to, not including, `to`. They go in with the later ones first, so that a stable sort leaves these first among equals. */
export function* sortNewestFirst(store: EventStore, from: number, to: number): Work<Uint32Array> {
  const rows = sequence(from, to);
  const times = store.time.values;
  const byTime = yield* doubleSort(rows, times, true);
  // Few events share a time: put these right instead of sorting all by record id first.
  for (let begin = 0, yielded = 0; begin < byTime.length;) {
    const time = times[byTime[begin] ?? 0];
    let end = begin + 1;
    while (end < byTime.length && times[byTime[end] ?? 0] === time) end++;
    if (end - begin > 1) byTime.subarray(begin, end).sort((a, b) => compareNewestFirst(store, a, b));
    begin = end;
    if (begin - yielded < rowsBetweenYields) continue;
    yielded = begin;
    yield;
  }
  return byTime;
}

/** Merges few into many: finds each one's place by halving and moves what lies between as blocks. */
export function* mergeSorted(many: Uint32Array, few: Uint32Array, compare: (a: number, b: number) => number): Work<Uint32Array> {
  if (few.length === 0) return many;
  const merged = new Uint32Array(many.length + few.length);
  let taken = 0;
  let at = 0;
  for (const [done, row] of few.entries()) {
    if (done % 4096 === 4095) yield;
    const place = placeOf(many, row, taken, compare);
    merged.set(many.subarray(taken, place), at);
    at += place - taken;
    merged[at++] = row;
    taken = place;
  }
  merged.set(many.subarray(taken), at);
  return merged;
}

/** How many of `rows`, from `low` on, come before `row`. */
export function placeOf(rows: Uint32Array, row: number, low: number, compare: (a: number, b: number) => number): number {
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle] ?? 0, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
