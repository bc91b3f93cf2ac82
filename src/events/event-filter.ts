/** A column that a filter, a facet or a sort may name. */
export const eventFields = ['server', 'log', 'level', 'id', 'provider', 'time', 'recordId', 'message'] as const;
export type EventField = (typeof eventFields)[number];

/** Fields with few distinct values: they can be included, excluded, counted and grouped. */
export const facetFields = ['server', 'log', 'level', 'id', 'provider'] as const;
export type FacetField = (typeof facetFields)[number];

/** Text to look for in the message, the insertion values, the provider and the event id. */
export interface TextQuery {
  readonly text: string;
  readonly regex: boolean;
  readonly caseSensitive: boolean;
}

/** Values of one field that are wanted or unwanted. Several terms all have to hold; within one, any value does. */
export interface FilterTerm {
  readonly field: FacetField;
  readonly values: readonly (string | number)[];
  readonly exclude: boolean;
}

/** Which events are shown: plain data, so that it can be stored, shared in the workspace and sent between host and page. */
export interface EventFilter {
  readonly terms: readonly FilterTerm[];
  /** UTC milliseconds, both ends included; undefined: open. */
  readonly time?: { readonly from?: number | undefined; readonly to?: number | undefined } | undefined;
  readonly text?: TextQuery | undefined;
  /** Only these events, by server, log and record id: evidence of a finding, bookmarks. */
  readonly only?: readonly { readonly server: string; readonly log: string; readonly recordId: number }[] | undefined;
}

/** The order of the rows; ties keep newest first. */
export interface EventSort {
  readonly field: EventField;
  readonly descending: boolean;
}
