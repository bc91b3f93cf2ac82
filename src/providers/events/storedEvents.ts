import { facetCounts, withoutField, type FacetValue } from '../../events/analysis/facets.ts';
import { histogram, histogramLevels } from '../../events/analysis/histogram.ts';
import type { EventRow } from '../../events/event-batch.ts';
import type { EventField, EventFilter, EventSort, FacetField, TextQuery } from '../../events/event-filter.ts';
import type { EventStore } from '../../events/event-store.ts';
import { EventView } from '../../events/event-view.ts';
import type { EventRef } from '../../events/protocol.ts';
import { RowSearch } from '../../events/search/row-search.ts';
import { textMatcher } from '../../events/search/text-matcher.ts';
import { inSlices, rowsBetweenYields, type SlicePorts, type Work } from '../../events/view/slices.ts';
import type { EventModel, ModelView } from './eventModel.ts';

/** Views that are kept, the latest: going back to a filter, and counting what it leaves out, look at nothing anew. */
const mostViews = 4;

/** How often each value of a field is among rows of the store, which never change once they are a view's. */
type Counts = WeakMap<Uint32Array, Map<FacetField, readonly FacetValue[]>>;

/** The store as the page's host reads it. Everything long is done in slices, so that the editor stays responsive. */
export class StoredEvents implements EventModel {
  readonly #store: EventStore;
  readonly #ports: SlicePorts;
  /** By filter, the one used last at the end. */
  readonly #views = new Map<string, EventView>();
  readonly #counts: Counts = new WeakMap();

  constructor(store: EventStore, ports: SlicePorts) {
    this.#store = store;
    this.#ports = ports;
  }

  get loaded(): number { return this.#store.size; }

  async view(filter: EventFilter, sort: EventSort, signal: AbortSignal): Promise<ModelView> {
    const view = this.#kept(filter, sort);
    if (JSON.stringify(view.sort) !== JSON.stringify(sort)) view.sortBy(sort);
    await view.refresh(this.#ports, signal);
    return new StoredView(this.#store, view, this.#ports, (other) => this.#kept(other, { field: 'time', descending: true }), this.#counts);
  }

  /** The view of a filter: of one that was looked at lately only what came since has to be. */
  #kept(filter: EventFilter, sort: EventSort): EventView {
    const key = JSON.stringify(filter);
    const view = this.#views.get(key) ?? createView(this.#store, filter, sort);
    this.#views.delete(key);
    this.#views.set(key, view);
    for (const oldest of this.#views.keys()) {
      if (this.#views.size <= mostViews) break;
      this.#views.delete(oldest);
    }
    return view;
  }

  get(ref: EventRef): EventRow | undefined {
    const row = this.#store.find(ref.server, ref.log, ref.recordId);
    return row < 0 ? undefined : this.#store.row(row);
  }

  /** The rows of the store that a filter shows, in order: for an export. */
  async rows(filter: EventFilter, sort: EventSort, signal: AbortSignal): Promise<Uint32Array> {
    const view = createView(this.#store, filter, sort);
    await view.refresh(this.#ports, signal);
    return view.indexes;
  }
}

class StoredView implements ModelView {
  readonly #store: EventStore;
  readonly #view: EventView;
  readonly #ports: SlicePorts;
  readonly #viewOf: (filter: EventFilter) => EventView;
  readonly #counts: Counts;
  #hits: { readonly key: string; readonly positions: Uint32Array } | undefined;

  constructor(store: EventStore, view: EventView, ports: SlicePorts, viewOf: (filter: EventFilter) => EventView, counts: Counts) {
    this.#store = store;
    this.#view = view;
    this.#ports = ports;
    this.#viewOf = viewOf;
    this.#counts = counts;
  }

  get count(): number { return this.#view.count; }

  rows(from: number, count: number): readonly EventRow[] { return this.#view.rows(from, from + count); }

  indexOf(ref: EventRef): number { return this.#view.positionOf(ref.server, ref.log, ref.recordId); }

  nearest(time: number): number {
    const { field, descending } = this.#view.sort;
    const { indexes } = this.#view;
    if (field !== 'time' || indexes.length === 0) return -1;
    const timeAt = (position: number): number => this.#store.time.at(indexes[position] ?? 0);
    let [low, high] = [0, indexes.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (descending ? timeAt(middle) > time : timeAt(middle) < time) low = middle + 1;
      else high = middle;
    }
    return low > 0 && Math.abs(timeAt(low - 1) - time) < Math.abs(timeAt(low) - time) ? low - 1 : low;
  }

  async find(query: TextQuery, from: number, backwards: boolean, signal: AbortSignal): Promise<{ readonly count: number; readonly index: number; readonly ordinal: number }> {
    const key = `${this.#store.version}/${JSON.stringify(query)}`;
    if (this.#hits?.key !== key) this.#hits = { key, positions: await inSlices(this.#match(query), this.#ports, signal) };
    const { positions } = this.#hits;
    if (positions.length === 0) return { count: 0, index: -1, ordinal: 0 };
    let [low, high] = [0, positions.length];
    const wanted = backwards ? from : from + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((positions[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    // Past the end it begins anew at the other one.
    const at = backwards ? (low - 1 + positions.length) % positions.length : low % positions.length;
    return { count: positions.length, index: positions[at] ?? 0, ordinal: at + 1 };
  }

  async startingWith(field: EventField, prefix: string, from: number): Promise<number> {
    const wanted = prefix.toLowerCase();
    const { indexes } = this.#view;
    const store = this.#store;
    return await inSlices((function* (): Work<number> {
      for (let n = 0; n < indexes.length; n++) {
        const position = (from + n) % indexes.length;
        if (String(store.row(indexes[position] ?? 0)[field] ?? '').toLowerCase().startsWith(wanted)) return position;
        if (n % 256 === 255) yield;
      }
      return -1;
    })(), this.#ports);
  }

  async histogram(buckets: number): Promise<{ readonly from: number; readonly to: number; readonly levels: readonly (readonly number[])[] }> {
    const found = await inSlices(histogram(this.#store, this.#view.newest, buckets), this.#ports);
    if (found === undefined) return { from: 0, to: 1, levels: Array.from({ length: histogramLevels }, () => []) };
    const levels = Array.from({ length: histogramLevels }, (_, level) => Array.from({ length: found.buckets }, (__, bucket) => found.counts[bucket * histogramLevels + level] ?? 0));
    return { from: found.from, to: found.from + found.width * found.buckets, levels };
  }

  async facets(field: FacetField, limit: number): Promise<{ readonly values: readonly { readonly value: string | number; readonly count: number }[]; readonly others: number }> {
    const rows = await this.#withoutField(field);
    const known = this.#counts.get(rows) ?? new Map<FacetField, readonly FacetValue[]>();
    this.#counts.set(rows, known);
    const values = known.get(field) ?? await inSlices(facetCounts(this.#store, rows, field), this.#ports);
    known.set(field, values);
    return { values: values.slice(0, limit), others: Math.max(0, values.length - limit) };
  }

  async #withoutField(field: FacetField): Promise<Uint32Array> {
    const { filter } = this.#view;
    if (!filter.terms.some((term) => term.field === field)) return this.#view.newest;
    const other = this.#viewOf(withoutField(filter, field));
    await other.refresh(this.#ports);
    return other.newest;
  }

  *#match(query: TextQuery): Work<Uint32Array> {
    const matcher = textMatcher(query);
    if ('code' in matcher) throw new Error(problemText(matcher));
    const test = yield* new RowSearch(this.#store, matcher).prepare();
    const { indexes } = this.#view;
    const positions = new Uint32Array(indexes.length);
    let count = 0;
    for (let at = 0; at < indexes.length; at++) {
      if (test(indexes[at] ?? 0) === 1) positions[count++] = at;
      if (at % rowsBetweenYields === rowsBetweenYields - 1) yield;
    }
    return positions.slice(0, count);
  }
}

function createView(store: EventStore, filter: EventFilter, sort: EventSort): EventView {
  const view = EventView.create(store, filter, sort);
  if ('code' in view) throw new Error(problemText(view));
  return view;
}

function problemText(problem: { readonly code: string; readonly position: number; readonly detail: string }): string {
  return `${problem.code.replaceAll('-', ' ')}${problem.detail === '' ? '' : ` (${problem.detail})`}, at character ${problem.position + 1} of the pattern`;
}
