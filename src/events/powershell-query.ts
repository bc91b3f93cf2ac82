import type { EventFilter, FacetField } from './event-filter.ts';
import { eventQueryXml, type EventQuery } from './event-query.ts';

/**
 * A Windows PowerShell command that asks a server for what a filter shows. Text that is looked for is not part of it: Windows cannot ask for
 * that. `logs`: those that the filter is about where it names none. Throws a RangeError where a value cannot be stated.
 */
export function powershellQuery(filter: EventFilter, logs: readonly string[]): string {
  const values = (field: FacetField, exclude: boolean): readonly (string | number)[] => filter.terms.filter((term) => term.field === field && term.exclude === exclude).flatMap((term) => term.values);
  const numbers = (field: FacetField, exclude: boolean): readonly number[] => values(field, exclude).filter((value) => typeof value === 'number');
  const texts = (field: FacetField, exclude: boolean): readonly string[] => values(field, exclude).filter((value) => typeof value === 'string');
  const wanted = texts('log', false);
  const unwanted = texts('log', true);
  return command({
    logs: (wanted.length > 0 ? wanted : logs).filter((log) => !unwanted.includes(log)), ids: numbers('id', false), levels: numbers('level', false), providers: texts('provider', false),
    excludedIds: numbers('id', true), excludedLevels: numbers('level', true), excludedProviders: texts('provider', true), time: filter.time,
  });
}

/** A command for single events of one log. */
export function recordQuery(log: string, recordIds: readonly number[]): string {
  return recordIds.map((recordId) => command({ logs: [log], recordIds: { from: recordId, to: recordId } })).join('\n');
}

function command(query: EventQuery): string {
  // A line of the XML that began with '@ would end the text; none does, each begins with a bracket.
  return `Get-WinEvent -FilterXml @'\n${eventQueryXml(query)}\n'@\n`;
}
