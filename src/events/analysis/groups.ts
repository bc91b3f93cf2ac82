import type { EventRow } from '../event-batch.ts';
import type { EventFilter, FacetField } from '../event-filter.ts';
import type { EventStore } from '../event-store.ts';
import { facetColumn, facetValue } from '../view/filter-rows.ts';
import { rowsBetweenYields, type Work } from '../view/slices.ts';

/** Rows of a view that belong together, in the view's order. */
export interface FacetGroup {
  readonly value: string | number;
  readonly rows: Uint32Array;
}

/** Rows that follow one another closely. */
export interface TimeGroup {
  /** UTC milliseconds of its earliest and latest event. */
  readonly from: number;
  readonly to: number;
  readonly rows: Uint32Array;
}

/** One group for each value of a field, in the order in which they first appear. */
export function* groupByFacet(store: EventStore, rows: Uint32Array, field: FacetField): Work<readonly FacetGroup[]> {
  const column = facetColumn(store, field);
  const groups = new Map<number, number[]>();
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] ?? 0;
    const code = column[row] ?? 0;
    const group = groups.get(code);
    if (group === undefined) groups.set(code, [row]);
    else group.push(row);
    if (at % rowsBetweenYields === 0) yield;
  }
  return [...groups].map(([code, members]) => ({ value: facetValue(store, field, code), rows: Uint32Array.from(members) }));
}

/** Cuts rows that are ordered by time, either way, wherever nothing happened for longer than `gap` milliseconds. */
export function* groupByGap(store: EventStore, rows: Uint32Array, gap: number): Work<readonly TimeGroup[]> {
  const times = store.time.values;
  const groups: TimeGroup[] = [];
  for (let begin = 0, at = 1; begin < rows.length; at++) {
    if (at % rowsBetweenYields === 0) yield;
    const last = times[rows[at - 1] ?? 0] ?? 0;
    if (at < rows.length && Math.abs((times[rows[at] ?? 0] ?? 0) - last) <= gap) continue;
    const first = times[rows[begin] ?? 0] ?? 0;
    groups.push({ from: Math.min(first, last), to: Math.max(first, last), rows: rows.subarray(begin, at) });
    begin = at;
  }
  return groups;
}

/** What happened within so many seconds of an event: on every server held, or on its own. Servers' clocks may differ. */
export function surroundings(event: EventRow, seconds: number, onItsServer: boolean): EventFilter {
  return {
    terms: onItsServer ? [{ field: 'server', values: [event.server], exclude: false }] : [],
    time: { from: event.time - seconds * 1000, to: event.time + seconds * 1000 },
  };
}
