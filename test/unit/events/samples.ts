import fc from 'fast-check';
import type { EventBatch, EventRow } from '../../../src/events/event-batch.ts';
import type { EventFilter, EventSort } from '../../../src/events/event-filter.ts';
import { eventFields } from '../../../src/events/event-filter.ts';

/** Texts that break what handles events carelessly. */
export const nastyTexts = [
  '', 'a', 'A', 'ADSync', 'key set', 'Straße', 'ΑΣ', 'ας', 'İ', 'ſ', 'שלום עולם', '\u202Eabc\u202C', 'a\u0000b', '\u0001a', '\u0001b', '\u0000', 'x\u001b[31m', 'tab\there', 'line\r\nline', '\ud800', '\udc00x', '😀', '日本語のイベント',
  '=1+1', '+1', '-1', '@x', '"quoted"', 'a,b', '$&', '%1', '<b>&amp;', '1', '11', '6208',
];

export const anyText: fc.Arbitrary<string> = fc.oneof(fc.constantFrom(...nastyTexts), fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'A', ' ', '1', 'é', 'к', '\ud83d', '\ude00') }));

const message = fc.option(fc.oneof(anyText, fc.tuple(anyText, anyText).map(([a, b]) => `The service ${a} entered the ${b} state.`)), { nil: undefined });

/** One event; few distinct values, so that ties, duplicates and reused ids are frequent. */
export const anyEvent: fc.Arbitrary<EventRow> = fc.record({
  server: fc.constantFrom('S1', 'S2', 's10'), log: fc.constantFrom('System', 'Application'),
  recordId: fc.integer({ min: 1, max: 40 }), time: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.double({ min: 0, max: 12, noNaN: true }), fc.constantFrom(-5, 1_700_000_000_000.5)),
  id: fc.constantFrom(1, 11, 6208, 7036, 65_535), level: fc.integer({ min: 0, max: 5 }), provider: fc.constantFrom('ADSync', 'Service Control Manager', 'x'),
}).chain((row) => fc.tuple(fc.array(anyText, { maxLength: 3 }), message, fc.boolean()).map(([data, text, isTemplate]) => ({
  ...row, data, message: isTemplate && data.length > 1 ? `The ${data[0] ?? ''} service entered the ${data[1] ?? ''} state.` : text,
})));

export function batchOf(rows: readonly EventRow[], log = rows[0]?.log ?? 'System'): EventBatch {
  const column = <K extends keyof EventRow>(key: K): EventRow[K][] => rows.map((row) => row[key]);
  return { log, recordId: column('recordId'), time: column('time'), id: column('id'), level: column('level'), provider: column('provider'), message: column('message'), data: column('data') };
}

const term: fc.Arbitrary<EventFilter['terms'][number]> = fc.oneof(
  fc.record({ field: fc.constant('level' as const), values: fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }), exclude: fc.boolean() }),
  fc.record({ field: fc.constant('id' as const), values: fc.array(fc.constantFrom(1, 11, 6208, 70_000), { maxLength: 3 }), exclude: fc.boolean() }),
  fc.record({ field: fc.constant('provider' as const), values: fc.array(fc.constantFrom('ADSync', 'x', 'nobody'), { maxLength: 3 }), exclude: fc.boolean() }),
  fc.record({ field: fc.constant('server' as const), values: fc.array(fc.constantFrom('S1', 's10', 'nobody'), { maxLength: 3 }), exclude: fc.boolean() }),
  fc.record({ field: fc.constant('log' as const), values: fc.array(fc.constantFrom('System', 'nobody'), { maxLength: 2 }), exclude: fc.boolean() }),
);

const text = fc.record({
  text: fc.oneof(anyText, fc.constantFrom('service', 'e a', ' SERVICE', 'the a', 'entered the', 'state.', 'b state', '620', 'sync')),
  regex: fc.constant(false), caseSensitive: fc.boolean(),
});

const bound = fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined });
export const anyFilter: fc.Arbitrary<EventFilter> = fc.record({
  terms: fc.array(term, { maxLength: 2 }),
  time: fc.option(fc.record({ from: bound, to: bound }), { nil: undefined, freq: 2 }),
  text: fc.option(text, { nil: undefined, freq: 2 }),
  only: fc.option(fc.array(fc.record({ server: fc.constantFrom('S1', 'nobody'), log: fc.constantFrom('System', 'Application'), recordId: fc.integer({ min: 1, max: 40 }) }), { maxLength: 5 }), { nil: undefined, freq: 1 }),
});

export const anySort: fc.Arbitrary<EventSort> = fc.record({ field: fc.constantFrom(...eventFields), descending: fc.boolean() });
