import type { EventFilter, FacetField, FilterTerm } from '../../src/events/event-filter.ts';

/** Whether a value is wanted by a term of its field. */
export function hasValue(terms: readonly FilterTerm[], field: FacetField, value: string | number): boolean {
  return terms.some((term) => term.field === field && !term.exclude && term.values.includes(value));
}

/**
 * The filter with one more value wanted or unwanted. Wanted values of one field stand beside each other (any of them does); asking for one
 * again takes it back; what is wanted is no longer unwanted.
 */
export function withValue(filter: EventFilter, field: FacetField, value: string | number, exclude: boolean): EventFilter {
  const there = filter.terms.some((term) => term.field === field && term.exclude === exclude && term.values.includes(value));
  const without = filter.terms.flatMap((term): FilterTerm[] => {
    if (term.field !== field || !term.values.includes(value)) return [term];
    const values = term.values.filter((one) => one !== value);
    return values.length === 0 ? [] : [{ ...term, values }];
  });
  if (there) return { ...filter, terms: without };
  const at = without.findIndex((term) => term.field === field && term.exclude === exclude);
  if (at < 0) return { ...filter, terms: [...without, { field, values: [value], exclude }] };
  return { ...filter, terms: without.map((term, n) => (n === at ? { ...term, values: [...term.values, value] } : term)) };
}

/** The filter with exactly these values of a field wanted; none: whichever. */
export function withOnly(filter: EventFilter, field: FacetField, values: readonly (string | number)[]): EventFilter {
  const others = filter.terms.filter((term) => term.field !== field);
  return { ...filter, terms: values.length === 0 ? others : [...others, { field, values, exclude: false }] };
}

/** Whether nothing is filtered. */
export function isOpen(filter: EventFilter): boolean {
  return filter.terms.length === 0 && filter.time?.from === undefined && filter.time?.to === undefined && filter.text === undefined && filter.only === undefined;
}
