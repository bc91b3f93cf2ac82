import type { EventRow } from './event-batch.ts';
import type { EventFilter, EventSort, TextQuery } from './event-filter.ts';
import type { EventStore } from './event-store.ts';
import { RowSearch } from './search/row-search.ts';
import { textMatcher } from './search/text-matcher.ts';
import type { RegexProblem } from './search/regex/syntax.ts';
import { filterRows } from './view/filter-rows.ts';
import { mergeSorted, newestFirst, placeOf, sortNewestFirst } from './view/newest-first.ts';
import { inSlices, type SlicePorts, type Work } from './view/slices.ts';
import { comparatorOf, sortRows } from './view/sort-rows.ts';

/** Fresh events beyond this share of what is held are cheaper sorted together with the rest than merged in. */
const mostMerged = 1 / 16;

const none: Uint32Array = new Uint32Array(0);

/**
 * The events that a filter shows, in one order, as rows of a store. `update` brings it up to date: after some events were appended
 * it looks at these alone and merges them in. Until then it stays as it was.
 */
export class EventView {
  readonly filter: EventFilter;
  readonly #store: EventStore;
  readonly #search: RowSearch | undefined;
  #sort: EventSort;
  /** What the filter shows of the first `#seen` rows, newest first. */
  #newest: Uint32Array = none;
  #indexes: Uint32Array = none;
  /** Those that the update at work found. */
  #fresh: Uint32Array = none;
  #seen = 0;
  #clearings = -1;
  #sorted: EventSort | undefined;
  #last: Promise<unknown> = Promise.resolve();

  private constructor(store: EventStore, filter: EventFilter, sort: EventSort, search: RowSearch | undefined) {
    this.#store = store;
    this.filter = filter;
    this.#sort = sort;
    this.#search = search;
  }

  /** An empty view, to be updated; or what is wrong with the filter's regular expression. */
  static create(store: EventStore, filter: EventFilter, sort: EventSort): EventView | RegexProblem {
    const search = searchFor(store, filter.text);
    return search !== undefined && 'code' in search ? search : new EventView(store, filter, sort, search);
  }

  get sort(): EventSort {
    return this.#sort;
  }

  /** Takes effect with the next update, which filters nothing anew. */
  sortBy(sort: EventSort): void {
    this.#sort = sort;
  }

  /** Rows of the store in the order of the view; not to be changed. */
  get indexes(): Uint32Array {
    return this.#clearings === this.#store.clearings ? this.#indexes : none;
  }

  /** The same rows newest first, whatever the order of the view: another order leaves this array as it is. Not to be changed. */
  get newest(): Uint32Array {
    return this.#clearings === this.#store.clearings ? this.#newest : none;
  }

  get count(): number {
    return this.indexes.length;
  }

  /** True when the store or the order has changed since the last update. */
  get isStale(): boolean {
    return this.#clearings !== this.#store.clearings || this.#seen !== this.#store.size || this.#sorted !== this.#sort;
  }

  /** Events from one position up to, not including, another; fewer where the view ends. */
  rows(from: number, to: number): EventRow[] {
    return Array.from(this.indexes.subarray(Math.max(0, from), Math.max(0, to)), (row) => this.#store.row(row));
  }

  /** Where an event stands in the view, or -1. */
  positionOf(server: string, log: string, recordId: number): number {
    const row = this.#store.find(server, log, recordId);
    return row < 0 ? -1 : this.positionOfRow(row);
  }

  /** Where a row of the store stands in the view, or -1. */
  positionOfRow(row: number): number {
    const { indexes } = this;
    const place = placeOf(indexes, row, 0, comparatorOf(this.#store, this.#sorted ?? this.#sort));
    return indexes[place] === row ? place : -1;
  }

  /** Brings the view up to date in slices; answers whether it changed. One after the other, however often it is asked for. */
  refresh(ports: SlicePorts, signal?: AbortSignal): Promise<boolean> {
    const next = this.#last.then(() => inSlices(this.update(), ports, signal));
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** Brings the view up to date; answers whether it changed. Never two at a time: `refresh` sees to that. */
  *update(): Work<boolean> {
    const store = this.#store;
    if (!this.isStale) return false;
    for (;;) {
      const { clearings, size } = store;
      const sort = this.#sort;
      const fresh = size - this.#seen;
      const canMerge = this.#clearings === clearings && fresh <= size * mostMerged;
      const newest = canMerge ? yield* this.#mergeNewest(size) : yield* filterRows(store, (yield* newestFirst(store).rows(size)), this.filter, this.#search);
      const indexes = canMerge && this.#sorted === sort && fresh > 0 ? yield* this.#mergeSorted(newest, size) : yield* sortRows(store, newest, sort);
      // What was cleared meanwhile gave rows other numbers.
      if (store.clearings !== clearings) continue;
      this.#newest = newest;
      this.#indexes = indexes;
      this.#seen = size;
      this.#clearings = clearings;
      this.#sorted = sort;
      return true;
    }
  }

  *#mergeNewest(size: number): Work<Uint32Array> {
    const store = this.#store;
    const fresh = yield* sortNewestFirst(store, this.#seen, size);
    this.#fresh = yield* filterRows(store, fresh, this.filter, this.#search);
    return yield* mergeSorted(this.#newest, this.#fresh, comparatorOf(store, { field: 'time', descending: true }));
  }

  *#mergeSorted(newest: Uint32Array, size: number): Work<Uint32Array> {
    if (this.#fresh.length === 0 || size === this.#seen) return this.#indexes;
    if (this.#sort.field === 'time' && this.#sort.descending) return newest;
    const compare = comparatorOf(this.#store, this.#sort);
    return yield* mergeSorted(this.#indexes, this.#fresh.slice().sort(compare), compare);
  }
}

function searchFor(store: EventStore, text: TextQuery | undefined): RowSearch | RegexProblem | undefined {
  if (text === undefined || text.text === '') return undefined;
  const matcher = textMatcher(text);
  return 'code' in matcher ? matcher : new RowSearch(store, matcher);
}
