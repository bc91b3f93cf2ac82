import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventRow } from '../../../src/events/event-batch.ts';
import type { TextQuery } from '../../../src/events/event-filter.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { EventView } from '../../../src/events/event-view.ts';
import { textMatcher } from '../../../src/events/search/text-matcher.ts';
import { atOnce } from '../../../src/events/view/slices.ts';
import { cases, fuzzing } from '../../cases.ts';
import { anyText, batchOf } from './samples.ts';

const pieces = fc.constantFrom('service', 'vice', 'e ', ' ', 'state', '.', '\\.', '\\d', '\\w+', '[ab]', '(?:a|b)', '^', '$', '\\b', 'A', 'the', 'é', 'k+', '\\s', '{2}', '*', '1', 'entered the', '(?:entered) ?');
const query: fc.Arbitrary<TextQuery> = fc.record({
  text: fc.oneof(fc.array(pieces, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('')), fc.constantFrom('e a', 'a ENTERED', ' the b state', '11 state', 'service a', 'ab1')),
  regex: fc.boolean(), caseSensitive: fc.boolean(),
});
const event = fc.tuple(fc.array(anyText, { maxLength: 4 }), fc.constantFrom('template', 'own', 'none'), anyText).map(([data, kind, own]): Pick<EventRow, 'message' | 'data'> => (
  { data, message: kind === 'none' ? undefined : kind === 'own' ? own : `The service ${data[0] ?? ''} entered the ${data[1] ?? ''}${data[2] ?? ''} state.` }));

/** Every text of an event by itself, whole. */
function searching(wanted: TextQuery): (row: EventRow) => boolean {
  const matcher = textMatcher(wanted);
  assert.ok('test' in matcher);
  return (row) => [...row.data, ...(row.message === undefined ? [] : [row.message]), row.provider, row.id.toString()].some((subject) => atOnce(matcher.test(subject)));
}

describe('a search through messages in pieces', () => {
  it('finds what a search through each whole text finds', () => {
    fc.assert(fc.property(fc.array(event, { minLength: 1, maxLength: 40 }), fc.array(event, { maxLength: 5 }), query, (first, second, text) => {
      fc.pre(!('code' in textMatcher(text)));
      const store = new EventStore();
      const rows = [...first, ...second].map((one, at): EventRow => ({ server: 's', log: 'System', recordId: at + 1, time: at, id: 7036, level: 4, provider: 'x', ...one }));
      store.append('s', batchOf(rows.slice(0, first.length)));
      const view = EventView.create(store, { terms: [], text }, { field: 'time', descending: false });
      assert.ok(view instanceof EventView);
      atOnce(view.update());
      store.append('s', batchOf(rows.slice(first.length), 'System'));
      atOnce(view.update());
      assert.deepEqual(view.rows(0, view.count), rows.filter(searching(text)), JSON.stringify(text));
    }), cases(600));
  }).timeout(fuzzing ? 0 : 60_000);

  it('finds them where they lie in sealed pages, small, wide and long', () => {
    const store = new EventStore();
    const rows = Array.from({ length: 3000 }, (_, at): EventRow => {
      const data = [`Service ${at}`, at % 2 === 0 ? 'RUNNING' : 'stopped', at % 7 === 0 ? `イベント${at}` : at % 11 === 0 ? 'İ'.repeat(3) : 'plain'];
      return { server: 's', log: 'System', recordId: at + 1, time: at, id: 7036, level: 4, provider: 'x', data, message: at % 5 === 0 ? `Alone ${at} ${'-'.repeat(at % 100)} end` : `The ${data[0] ?? ''} service entered the ${data[1] ?? ''} state of ${data[2] ?? ''}.` };
    });
    for (let at = 0; at < rows.length; at += 500) store.append('s', batchOf(rows.slice(at, at + 500)));
    for (const text of ['service 29\\d\\d service', '(running|stopped) state of plain\\.$', '^Alone \\d*5 -+ end', 'イベント\\d+$', '\\d{4}', '^running$', 'e 1.*i\u0307'].map((source): TextQuery => ({ text: source, regex: true, caseSensitive: false })).concat(['stopped STATE', 'e 29', 'of plain.', 'イベント14', 'd S'].map((source) => ({ text: source, regex: false, caseSensitive: false })))) {
      const view = EventView.create(store, { terms: [], text }, { field: 'time', descending: false });
      assert.ok(view instanceof EventView);
      atOnce(view.update());
      const wanted = rows.filter(searching(text)).map((row) => row.recordId);
      assert.ok(wanted.length > 0, text.text);
      assert.deepEqual(view.rows(0, view.count).map((row) => row.recordId), wanted, text.text);
    }
  }).timeout(20_000);
});
