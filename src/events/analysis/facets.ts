import type { EventFilter, FacetField } from '../event-filter.ts';
import type { EventStore } from '../event-store.ts';
import { facetColumn, facetValue } from '../view/filter-rows.ts';
import { rowsBetweenYields, type Work } from '../view/slices.ts';

export interface FacetValue {
  readonly value: string | number;
  readonly count: number;
}

/** How often each value of a field is among the rows: most frequent first, then by value. */
export function* facetCounts(store: EventStore, rows: Uint32Array, field: FacetField): Work<readonly FacetValue[]> {
  const column = facetColumn(store, field);
  const counts = new Map<number, number>();
  // Ids and names are nearly always small numbers.
  const small = new Uint32Array(65_536);
  for (let from = 0; from < rows.length; from += rowsBetweenYields) {
    const to = Math.min(rows.length, from + rowsBetweenYields);
    for (let at = from; at < to; at++) {
      const code = column[rows[at] ?? 0] ?? 0;
      if (code >>> 0 < small.length) small[code] = (small[code] ?? 0) + 1;
      else counts.set(code, (counts.get(code) ?? 0) + 1);
    }
    yield;
  }
  small.forEach((count, code) => { if (count > 0) counts.set(code, count); });
  return [...counts].map(([code, count]) => ({ value: facetValue(store, field, code), count }))
    .sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
}

/** The filter without what it says of a field: chips with counts show what choosing another value of it would bring. */
export function withoutField(filter: EventFilter, field: FacetField): EventFilter {
  return { ...filter, terms: filter.terms.filter((term) => term.field !== field) };
}
