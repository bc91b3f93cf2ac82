import { checkFilter } from '../../events/protocol.ts';
import { list, record, integer, text } from '../../events/check.ts';
import type { EventFilter } from '../../events/event-filter.ts';

/** A filter under a name. */
export interface NamedFilter {
  readonly name: string;
  readonly filter: EventFilter;
}

/** Where shared filters are, below a workspace folder. */
export const filtersFile = ['.vscode', 'entra-connect-filters.json'] as const;
/** Largest file that is read, in bytes, and most filters in it. */
export const largestFile = 1_048_576;
const most = 200;

const checkFile = record({ version: integer(1, 1), filters: list(record({ name: text(100), filter: checkFilter }), most) });

/** The filters of a file's text. Throws an Error that says what is wrong; a file of somebody else is not believed. */
export function parseFilters(content: string): readonly NamedFilter[] {
  if (content.length > largestFile) throw new Error('The file is too large.');
  const { filters } = checkFile(JSON.parse(content), 'filters');
  return [...new Map(filters.map((one) => [one.name, one])).values()];
}

/** The text of a file with these filters. */
export function formatFilters(filters: readonly NamedFilter[]): string {
  return `${JSON.stringify({ version: 1, filters }, null, 2)}\n`;
}

/** The filters with one more, in the place of one with the same name. Throws where there is no room. */
export function withFilter(filters: readonly NamedFilter[], name: string, filter: EventFilter): readonly NamedFilter[] {
  const others = filters.filter((one) => one.name !== name);
  if (others.length >= most) throw new Error(`There are ${most} filters already. Remove one first.`);
  return [...others, { name, filter }].sort((a, b) => a.name.localeCompare(b.name));
}
