import { escapeXml, isXmlText } from './xml-text.ts';

/** What the server itself is asked to select. An undefined or empty list asks for any value. */
export interface EventQuery {
  readonly logs: readonly string[];
  readonly ids?: readonly number[] | undefined;
  readonly levels?: readonly number[] | undefined;
  readonly providers?: readonly string[] | undefined;
  readonly excludedIds?: readonly number[] | undefined;
  readonly excludedLevels?: readonly number[] | undefined;
  readonly excludedProviders?: readonly string[] | undefined;
  /** UTC milliseconds, both ends included; the server compares whole milliseconds, so a fraction widens the range. */
  readonly time?: { readonly from?: number | undefined; readonly to?: number | undefined } | undefined;
  /** EventRecordID, both ends included; means something for one log only. */
  readonly recordIds?: { readonly from?: number | undefined; readonly to?: number | undefined } | undefined;
}

/**
 * Expressions in one XPath. Windows calls a query of more than 22 invalid, of more than 21 where single ids, ranges and another
 * condition meet (elastic/beats#1491, #35048), and documents 20 for EvtSubscribe.
 */
export const mostExpressions = 20;

/** Levels and providers in one XPath, so that ids find room beside them and beside four bounds. */
const mostLevels = 6;
const mostProviders = 5;

/** Consecutive ids from here on are cheaper as a range, which is two expressions. */
const shortestRange = 3;

interface Atom {
  readonly text: string;
  readonly expressions: number;
}

/** True for a name that XPath 1.0 inside XML can state: it knows no escapes, so never both kinds of quotes. */
export function isQueryName(name: string): boolean {
  return isXmlText(name) && !(name.includes('\'') && name.includes('"'));
}

/** The structured query for EvtQuery and `Get-WinEvent -FilterXml`: a Query a log, in it a Select for each part that one XPath can hold. A RangeError where a value cannot be stated (isQueryName, whole numbers). */
export function eventQueryXml(query: EventQuery): string {
  if (query.logs.length === 0) throw new RangeError('an event query needs a log');
  const element = (name: string, log: string, xpath: string): string => `    <${name} Path="${escapeXml(log)}">${escapeXml(xpath)}</${name}>`;
  const selects = selectXPaths(query);
  const suppresses = suppressXPaths(query);
  const queries = query.logs.map((log, at) => {
    if (!isXmlText(log)) throw new RangeError('the name of an event log holds a control character');
    return [`  <Query Id="${at}">`, ...selects.map((xpath) => element('Select', log, xpath)), ...suppresses.map((xpath) => element('Suppress', log, xpath)), '  </Query>'];
  });
  return ['<QueryList>', ...queries.flat(), '</QueryList>'].join('\n');
}

/** What is wanted, as XPaths that no event meets twice, each within `mostExpressions`. */
export function selectXPaths(query: EventQuery): readonly string[] {
  const bounds = boundAtoms(query);
  const made: string[] = [];
  for (const levels of chunks(levelAtoms(query.levels), mostLevels)) {
    for (const providers of chunks(providerAtoms(query.providers), mostProviders)) {
      const taken = bounds.length + levels.length + providers.length;
      for (const ids of chunks(idAtoms(query.ids), mostExpressions - taken)) {
        const conditions = [anyOf(ids), anyOf(levels), anyOf(providers), ...bounds].filter((condition) => condition !== '');
        made.push(conditions.length === 0 ? '*' : `*[System[${conditions.join(' and ')}]]`);
      }
    }
  }
  return made;
}

/** What is unwanted, as XPaths for Suppress elements. */
export function suppressXPaths(query: EventQuery): readonly string[] {
  const atoms = [...idAtoms(query.excludedIds), ...levelAtoms(query.excludedLevels), ...providerAtoms(query.excludedProviders)];
  if (atoms.length === 0) return [];
  return chunks(atoms, mostExpressions).map((part) => `*[System[${anyOf(part)}]]`);
}

function anyOf(atoms: readonly Atom[]): string {
  if (atoms.length === 0) return '';
  return atoms.length === 1 ? atoms[0]?.text ?? '' : `(${atoms.map((atom) => atom.text).join(' or ')})`;
}

/** Splits so that no part has more expressions than `most`; no atoms make one empty part. */
function chunks(atoms: readonly Atom[], most: number): readonly (readonly Atom[])[] {
  const parts: Atom[][] = [[]];
  let used = 0;
  for (const atom of atoms) {
    if (used + atom.expressions > most) {
      parts.push([]);
      used = 0;
    }
    parts.at(-1)?.push(atom);
    used += atom.expressions;
  }
  return parts;
}

function idAtoms(ids: readonly number[] | undefined): readonly Atom[] {
  const sorted = [...new Set(ids)].map((id) => whole(id, 'an event id')).sort((a, b) => a - b);
  const atoms: Atom[] = [];
  for (let at = 0; at < sorted.length;) {
    const first = sorted[at] ?? 0;
    let length = 1;
    while (sorted[at + length] === first + length) length++;
    if (length < shortestRange) length = 1;
    atoms.push(length === 1 ? { text: `EventID=${first}`, expressions: 1 } : { text: `(EventID >= ${first} and EventID <= ${first + length - 1})`, expressions: 2 });
    at += length;
  }
  return atoms;
}

function levelAtoms(levels: readonly number[] | undefined): readonly Atom[] {
  return [...new Set(levels)].sort((a, b) => a - b).map((level) => ({ text: `Level=${whole(level, 'a level')}`, expressions: 1 }));
}

function providerAtoms(providers: readonly string[] | undefined): readonly Atom[] {
  return [...new Set(providers)].map((name) => {
    if (!isQueryName(name)) throw new RangeError('the name of an event provider cannot be stated in a query');
    const quote = name.includes('\'') ? '"' : '\'';
    return { text: `Provider[@Name=${quote}${name}${quote}]`, expressions: 1 };
  });
}

function boundAtoms({ time, recordIds }: EventQuery): readonly string[] {
  const made: string[] = [];
  if (time?.from !== undefined) made.push(`TimeCreated[@SystemTime >= '${instant(Math.floor(time.from))}']`);
  if (time?.to !== undefined) made.push(`TimeCreated[@SystemTime <= '${instant(Math.ceil(time.to))}']`);
  if (recordIds?.from !== undefined) made.push(`EventRecordID >= ${whole(recordIds.from, 'a record id')}`);
  if (recordIds?.to !== undefined) made.push(`EventRecordID <= ${whole(recordIds.to, 'a record id')}`);
  return made;
}

/** Always UTC and always in this form: the server's region format never touches it. Windows' clock begins in 1601 and years of more than four digits have another form. */
function instant(milliseconds: number): string {
  const earliest = Date.UTC(1601, 0, 1);
  const latest = Date.UTC(9999, 11, 31);
  if (Number.isNaN(milliseconds)) throw new RangeError('a time that is no number');
  return new Date(Math.min(Math.max(milliseconds, earliest), latest)).toISOString();
}

function whole(value: number, what: string): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${what} is a whole number, not ${value}`);
  return value;
}
