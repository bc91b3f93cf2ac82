import assert from 'node:assert/strict';
import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { eventQueryXml, isQueryName, mostExpressions, selectXPaths, suppressXPaths, type EventQuery } from '../../../src/events/event-query.ts';
import { cases } from '../../cases.ts';

/** What one of our XPaths says of an event, worked out by another road: rewritten as a JavaScript condition. */
function meets(xpath: string, event: { id: number; level: number; provider: string; time: number; recordId: number }): boolean {
  if (xpath === '*') return true;
  const strings: string[] = [];
  const body = xpath.replace(/^\*\[System\[/, '').replace(/\]\]$/, '')
    .replace(/'[^']*'|"[^"]*"/g, (quoted) => `$${strings.push(quoted.slice(1, -1)) - 1}`)
    .replace(/Provider\[@Name=\$(\d+)\]/g, (_, at: string) => String(event.provider === strings[Number(at)]))
    .replace(/TimeCreated\[@SystemTime (>=|<=) \$(\d+)\]/g, (_, op: string, at: string) => { const bound = Date.parse(strings[Number(at)] ?? ''); return String(op === '>=' ? event.time >= bound : event.time <= bound); })
    .replace(/(EventID|Level|EventRecordID) ?(=|>=|<=) ?(\d+)/g, (_, name: string, op: string, right: string) => {
      const left = name === 'EventID' ? event.id : name === 'Level' ? event.level : event.recordId;
      return String(op === '=' ? left === Number(right) : op === '>=' ? left >= Number(right) : left <= Number(right));
    })
    .replaceAll(' and ', '&&').replaceAll(' or ', '||');
  assert.match(body, /^(?:true|false|&&|\|\||[()])+$/);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- only true, false, && and || are left
  return new Function(`return ${body}`)() as boolean;
}

const expressions = (xpath: string): number => (xpath.match(/EventID|Level|@Name|@SystemTime|EventRecordID/g) ?? []).length;

describe('an event query', () => {
  it('asks for everything where nothing is named', () => {
    assert.equal(eventQueryXml({ logs: ['System'] }), '<QueryList>\n  <Query Id="0">\n    <Select Path="System">*</Select>\n  </Query>\n</QueryList>');
  });

  it('states ids, runs of ids, levels, providers, time and record ids', () => {
    const query = { logs: ['Application'], ids: [6208, 6201, 6202, 6203], levels: [2, 1], providers: ['ADSync'], time: { from: 0.5, to: 1500 }, recordIds: { from: 7, to: 9 } };
    assert.deepEqual(selectXPaths(query), ['*[System[((EventID >= 6201 and EventID <= 6203) or EventID=6208) and (Level=1 or Level=2) and Provider[@Name=\'ADSync\']'
      + ' and TimeCreated[@SystemTime >= \'1970-01-01T00:00:00.000Z\'] and TimeCreated[@SystemTime <= \'1970-01-01T00:00:01.500Z\'] and EventRecordID >= 7 and EventRecordID <= 9]]']);
  });

  it('says a provider with an apostrophe in double quotes, and refuses what XPath cannot say', () => {
    assert.deepEqual(selectXPaths({ logs: ['A'], providers: ['O\'Brien'] }), ['*[System[Provider[@Name="O\'Brien"]]]']);
    assert.equal(isQueryName('"\''), false);
    assert.equal(isQueryName('a\u0001'), false);
    assert.throws(() => eventQueryXml({ logs: ['A'], providers: ['"\''] }), RangeError);
    assert.throws(() => eventQueryXml({ logs: ['A\u0000'] }), RangeError);
    assert.throws(() => eventQueryXml({ logs: [] }), RangeError);
    for (const id of [-1, 1.5, Number.NaN, Infinity]) assert.throws(() => eventQueryXml({ logs: ['A'], ids: [id] }), RangeError);
  });

  it('cannot be broken out of by a name', () => {
    const hostile = '"/><Select Path="Security">*</Select><x y="';
    const read = new XMLParser({ ignoreAttributes: false }).parse(eventQueryXml({ logs: [hostile], providers: ['a\' or \'1'] })) as { QueryList: { Query: { Select: Record<string, string> } } };
    assert.equal(read.QueryList.Query.Select['@_Path'], hostile);
    assert.equal(read.QueryList.Query.Select['#text'], '*[System[Provider[@Name="a\' or \'1"]]]');
  });

  const some = <T>(values: fc.Arbitrary<T>, most: number): fc.Arbitrary<readonly T[] | undefined> => fc.option(fc.array(values, { maxLength: most }), { nil: undefined });
  const id = fc.oneof(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 65_535 }));
  const provider = fc.constantFrom('ADSync', 'MIISKMU', 'a b', 'O\'Brien', 'x"y', 'e f', 'g', 'h and i', 'j=1', '(k');
  const bounds = fc.option(fc.record({ from: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }), to: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }) }), { nil: undefined });
  const anyQuery: fc.Arbitrary<EventQuery> = fc.record({
    logs: fc.constant(['Application']), ids: some(id, 80), levels: some(fc.integer({ min: 0, max: 20 }), 12), providers: some(provider, 10),
    excludedIds: some(id, 50), excludedLevels: some(fc.integer({ min: 0, max: 20 }), 5), excludedProviders: some(provider, 3), time: bounds, recordIds: bounds,
  });
  const anyEvent = fc.record({ id, level: fc.integer({ min: 0, max: 20 }), provider, time: fc.integer({ min: 0, max: 10_000 }), recordId: fc.integer({ min: 0, max: 10_000 }) });

  it('selects exactly what was asked for, each event once, within Windows\' bound', () => {
    fc.assert(fc.property(anyQuery, fc.array(anyEvent, { maxLength: 30 }), (query, events) => {
      const selects = selectXPaths(query);
      const suppresses = suppressXPaths(query);
      for (const xpath of [...selects, ...suppresses]) assert.ok(expressions(xpath) <= mostExpressions, xpath);
      const any = <T>(list: readonly T[] | undefined, value: T): boolean => list === undefined || list.length === 0 || list.includes(value);
      const within = (range: EventQuery['time'], value: number): boolean => value >= (range?.from ?? -Infinity) && value <= (range?.to ?? Infinity);
      for (const event of events) {
        const wanted = any(query.ids, event.id) && any(query.levels, event.level) && any(query.providers, event.provider) && within(query.time, event.time) && within(query.recordIds, event.recordId);
        assert.equal(selects.filter((xpath) => meets(xpath, event)).length, wanted ? 1 : 0);
        const unwanted = (query.excludedIds ?? []).includes(event.id) || (query.excludedLevels ?? []).includes(event.level) || (query.excludedProviders ?? []).includes(event.provider);
        assert.equal(suppresses.some((xpath) => meets(xpath, event)), unwanted);
      }
    }), cases(80));
  });
});
