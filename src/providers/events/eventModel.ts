import type { EventFilter, EventSort, FacetField, EventField, TextQuery } from '../../events/event-filter.ts';
import type { EventRow } from '../../events/event-batch.ts';
import type { EventRef } from '../../events/protocol.ts';

/** All events of one page, as the page's host reads them; made by src/providers/events/storedEvents.ts from the store. */
export interface EventModel {
  /** Events that are loaded. */
  readonly loaded: number;
  /** Filters and orders; later events are not in it. */
  view(filter: EventFilter, sort: EventSort, signal: AbortSignal): Promise<ModelView>;
  get(ref: EventRef): EventRow | undefined;
}

/** Some of the events in some order. */
export interface ModelView {
  readonly count: number;
  rows(from: number, count: number): readonly EventRow[];
  /** -1: it is not among them. */
  indexOf(ref: EventRef): number;
  /** The row whose time is nearest; -1 where there is none or rows are not in the order of time. */
  nearest(time: number): number;
  find(query: TextQuery, from: number, backwards: boolean, signal: AbortSignal): Promise<{ readonly count: number; readonly index: number; readonly ordinal: number }>;
  startingWith(field: EventField, prefix: string, from: number): Promise<number>;
  histogram(buckets: number): Promise<{ readonly from: number; readonly to: number; readonly levels: readonly (readonly number[])[] }>;
  /** Most frequent values of a field among the events that fit the filter without its own terms for that field. */
  facets(field: FacetField, limit: number): Promise<{ readonly values: readonly { readonly value: string | number; readonly count: number }[]; readonly others: number }>;
}
