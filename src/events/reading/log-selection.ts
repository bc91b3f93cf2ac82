import { selectXPaths, suppressXPaths, type EventQuery } from '../event-query.ts';
import { escapeXml, isXmlText } from '../xml-text.ts';

/** What is wanted of a log; everything that is said has to hold. */
export type EventConditions = Omit<EventQuery, 'logs'>;

/** Which events of one log are read. */
export interface LogSelection {
  readonly log: string;
  /** An event is wanted where any of these holds; none: all events. */
  readonly any?: readonly EventConditions[] | undefined;
  /** Only events with a smaller record id: the next page. */
  readonly before?: number | undefined;
  /** Most events; undefined: all. */
  readonly limit?: number | undefined;
}

/** Longest name of an event log (Windows allows 255 characters). */
const longestName = 255;

/** True for a name that can be asked for: one log, no pattern. */
export function isLogName(name: string): boolean {
  return name.length > 0 && name.length <= longestName && isXmlText(name) && !/[*?[\]`"<>|]/.test(name);
}

/** Bounds of record ids, both included, that hold beside a selection's own conditions. */
export interface RecordBounds {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** The structured query for one log. Throws a RangeError where a value cannot be stated. */
export function selectionXml(selection: LogSelection, bounds: RecordBounds = {}): string {
  if (!isLogName(selection.log)) throw new RangeError('this cannot be the name of an event log');
  const path = escapeXml(selection.log);
  const element = (name: string, xpath: string): string => `<${name} Path="${path}">${escapeXml(xpath)}</${name}>`;
  const parts = (selection.any?.length ?? 0) === 0 ? [{}] : selection.any ?? [];
  const within = parts.map((part): EventQuery => ({ ...part, logs: [selection.log], recordIds: narrower(part.recordIds, narrower(bounds, beforeBound(selection))) }));
  // What one part does not want another may: a Suppress of its own would take it away from both.
  const [only, ...others] = within;
  const suppresses = only !== undefined && others.length === 0 ? suppressXPaths(only) : [];
  if (suppresses.length === 0 && within.some((part) => suppressXPaths(part).length > 0)) throw new RangeError('exclusions go with one set of conditions only');
  return `<QueryList><Query Id="0">${within.flatMap(selectXPaths).map((xpath) => element('Select', xpath)).join('')}${suppresses.map((xpath) => element('Suppress', xpath)).join('')}</Query></QueryList>`;
}

function beforeBound({ before }: LogSelection): RecordBounds {
  return before === undefined ? {} : { to: Math.max(0, before - 1) };
}

function narrower(one: RecordBounds = {}, other: RecordBounds = {}): RecordBounds | undefined {
  const from = Math.max(one.from ?? 0, other.from ?? 0);
  const to = Math.min(one.to ?? Number.MAX_SAFE_INTEGER, other.to ?? Number.MAX_SAFE_INTEGER);
  return { ...(from > 0 && { from }), ...(to < Number.MAX_SAFE_INTEGER && { to }) };
}
