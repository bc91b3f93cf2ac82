import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ShapeError } from '../../../src/events/check.ts';
import { checkFilter, checkHostMessage, checkPageMessage, checkPageState, checkReply, limits, type PageState } from '../../../src/events/protocol.ts';

const state: PageState = {
  source: ['a'], filter: { terms: [] }, sort: { field: 'time', descending: true }, columns: [{ id: 'time', width: 100, hidden: false }], clock: 'utc', bookmarks: [{ server: 'S', log: 'System', recordId: 1 }],
  search: { query: { text: 'x', regex: true, caseSensitive: false }, only: false }, sidebar: true, details: false, detailsHeight: 200,
};
const request = (fields: Record<string, unknown>): unknown => ({ kind: 'request', id: 1, request: fields });

describe('protocol of the event page', () => {
  it('lets through what was agreed, and nothing beside the named fields', () => {
    assert.deepEqual(checkPageMessage({ ...request({ kind: 'rows', from: 0, count: 100, next: false, more: 'x' }) as object, extra: 1 }), { kind: 'request', id: 1, request: { kind: 'rows', from: 0, count: 100, next: false } });
    assert.deepEqual(checkPageState(state), state);
    assert.deepEqual(checkPageState(JSON.parse(JSON.stringify(state))), state);
    assert.deepEqual(checkReply.find({ view: 1, count: 2, index: -1, ordinal: 0 }), { view: 1, count: 2, index: -1, ordinal: 0 });
    assert.deepEqual(checkHostMessage({ kind: 'following', on: true, pending: 0 }), { kind: 'following', on: true, pending: 0 });
  });

  for (const [what, message] of Object.entries({
    'another kind': request({ kind: 'shutdown' }), 'too many rows': request({ kind: 'rows', from: 0, count: limits.rows + 1, next: false }), 'a negative place': request({ kind: 'rows', from: -1, count: 1, next: false }),
    'half a row': request({ kind: 'rows', from: 0.5, count: 1, next: false }), 'a query too long': request({ kind: 'find', query: { text: 'x'.repeat(limits.query + 1), regex: false, caseSensitive: false }, from: 0, backwards: false }),
    'a field that is none': request({ kind: 'facets', field: '__proto__', limit: 5 }), 'a form that is none': request({ kind: 'copy', refs: [], as: 'html' }), 'no request': request({}),
    'too many refs': request({ kind: 'copy', refs: Array.from({ length: limits.copied + 1 }, () => ({ server: 'S', log: 'L', recordId: 1 })), as: 'text' }),
    'a state without a filter': { kind: 'state', state: { ...state, filter: undefined } }, 'a list': [], 'nothing': null, 'a text': 'ready', 'no version': { kind: 'ready' },
  })) {
    it(`refuses ${what}, and says where`, () => {
      assert.throws(() => checkPageMessage(message, 'message'), (error: unknown) => error instanceof ShapeError && error.message.startsWith('message'));
    });
  }

  it('never quotes what it refuses', () => {
    assert.throws(() => checkFilter({ terms: [{ field: 'id', values: ['secret-value', {}], exclude: false }] }, 'filter'), (error: unknown) => error instanceof Error && !error.message.includes('secret-value'));
  });

  it('refuses instances with inherited fields as if they were absent', () => {
    assert.throws(() => checkPageMessage(Object.create({ kind: 'ready', version: 1 }), 'message'));
  });

  it('throws nothing but a ShapeError, whatever comes', () => {
    fc.assert(fc.property(fc.anything(), (value) => {
      for (const check of [checkPageMessage, checkHostMessage, checkPageState, checkFilter, ...Object.values(checkReply)]) {
        try { check(value, 'x'); } catch (error) { assert.ok(error instanceof ShapeError); }
      }
    }), { numRuns: 200 });
  });
});
