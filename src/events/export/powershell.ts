import type { EventFilter, FilterTerm } from '../event-filter.ts';
import { eventQueryXml, isQueryName, type EventQuery } from '../event-query.ts';

/**
 * The filter as a command for Windows PowerShell on the server. The server itself selects by log, included and excluded ids, levels
 * and providers, and by time in whole milliseconds. What its XPath cannot say follows as a Where-Object: names with both kinds of
 * quotes, ids and levels that are no whole numbers of Windows, the exact fraction of a time, single events, and text. For text the
 * expression is .NET's, whose classes \d and \w know more than ASCII. A term over servers is not part of it: a command runs on one.
 */
export function powershellQuery(filter: EventFilter, logs: readonly string[]): string {
  const included = (field: FilterTerm['field']): readonly FilterTerm[] => filter.terms.filter((term) => term.field === field && !term.exclude);
  const wantedLogs = logs.filter((log) => filter.terms.every((term) => term.field !== 'log' || term.values.includes(log) !== term.exclude) && isQueryName(log));
  const ids = values(included('id'), isId);
  const levels = values(included('level'), isId);
  const providers = values(included('provider'), isName);
  const excluded = (field: FilterTerm['field']): readonly (string | number)[] => filter.terms.filter((term) => term.field === field && term.exclude).flatMap((term) => term.values);
  if (wantedLogs.length === 0 || [ids, levels, providers].some((list) => list?.length === 0)) return '# No event meets this filter.\n';
  const query: EventQuery = {
    logs: wantedLogs, ids: ids?.map(Number), levels: levels?.map(Number), providers: providers?.map(String), time: filter.time,
    excludedIds: excluded('id').filter(isId).map(Number), excludedLevels: excluded('level').filter(isId).map(Number), excludedProviders: excluded('provider').map(String).filter(isName),
  };
  const xml = `[xml]$query = @'\n${eventQueryXml(query)}\n'@\n`;
  const conditions = [...nameConditions(filter), ...timeConditions(filter), ...onlyConditions(filter), ...textConditions(filter)];
  return `${xml}Get-WinEvent -FilterXml $query${conditions.length === 0 ? '' : ` |\n  Where-Object { ${conditions.join(' -and\n    ')} }`}\n`;
}

/** A literal: in single quotes PowerShell reads nothing but quotes, of which it knows five and takes each for the end. */
export function powershellLiteral(text: string): string {
  const quoted = `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
  // Control characters and lone surrogates would not survive a file or a terminal.
  if (!unprintable.test(text)) return quoted;
  return `(-join [char[]](${Array.from({ length: text.length }, (_, at) => text.charCodeAt(at)).join(', ')}))`;
}

const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Surrogate}|\p{Cf}/u;

function isId(value: string | number): boolean {
  return value !== '' && Number.isInteger(Number(value)) && Number(value) >= 0 && Number(value) <= 65_535;
}

function isName(value: string | number): boolean {
  return isQueryName(value.toString());
}

/** What every one of several terms allows, as far as the server can be asked; undefined: anything. */
function values(terms: readonly FilterTerm[], canAsk: (value: string | number) => boolean): readonly (string | number)[] | undefined {
  // A term that names something the server cannot be asked for is left to the Where-Object as a whole.
  const asked = terms.filter((term) => canAsk === isId || term.values.every(canAsk));
  if (asked.length === 0) return undefined;
  const [first, ...others] = asked.map((term) => new Set(term.values.filter(canAsk).map(String)));
  return [...first ?? []].filter((value) => others.every((other) => other.has(value)));
}

function nameConditions({ terms }: EventFilter): readonly string[] {
  return terms.filter((term) => term.field === 'provider' && !term.values.every(isName)).map((term) => {
    const list = term.values.map((value) => powershellLiteral(value.toString())).join(', ');
    return `${term.exclude ? '-not ' : ''}(@(${list}) -ccontains $_.ProviderName)`;
  });
}

function timeConditions({ time }: EventFilter): readonly string[] {
  const made: string[] = [];
  for (const [bound, operator] of [[time?.from, '-ge'], [time?.to, '-le']] as const) {
    // Ticks are steps of 100 ns since the year 1.
    if (bound !== undefined && !Number.isInteger(bound)) made.push(`$_.TimeCreated.ToUniversalTime().Ticks ${operator} ${ticks(bound)}`);
  }
  return made;
}

function ticks(milliseconds: number): string {
  const whole = Math.floor(milliseconds);
  return (BigInt(whole) * 10_000n + BigInt(Math.round((milliseconds - whole) * 10_000)) + 621_355_968_000_000_000n).toString();
}

function onlyConditions({ only }: EventFilter): readonly string[] {
  if (only === undefined) return [];
  if (only.length === 0) return ['$false'];
  return [`(${only.map(({ log, recordId }) => `($_.RecordId -eq ${Math.trunc(recordId)} -and $_.LogName -eq ${powershellLiteral(log)})`).join(' -or ')})`];
}

function textConditions({ text }: EventFilter): readonly string[] {
  if (text === undefined || text.text === '') return [];
  const pattern = powershellLiteral(text.text);
  const options = `[Text.RegularExpressions.RegexOptions]'${text.caseSensitive ? 'CultureInvariant' : 'IgnoreCase, CultureInvariant'}'`;
  const expression = text.regex ? pattern : `[regex]::Escape(${pattern})`;
  return [`(@($_.Message; $_.ProviderName; "$($_.Id)"; $_.Properties | ForEach-Object { "$($_.Value)" }) | Where-Object { [regex]::IsMatch("$_", ${expression}, ${options}) })`];
}
