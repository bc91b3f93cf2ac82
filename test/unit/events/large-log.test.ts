import assert from 'node:assert/strict';
import type { EventFilter } from '../../../src/events/event-filter.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { EventView } from '../../../src/events/event-view.ts';
import { atOnce } from '../../../src/events/view/slices.ts';

const texts = ['The service entered the running state.', 'A connector could not run: its credentials are invalid.', 'Details follow.\r\nConnector: contoso.example\r\nResult: no-start-credentials'];

/** One log of so many events with texts of 200 characters, a batch at a time as it arrives. */
function filled(count: number): EventStore {
  const store = new EventStore();
  for (let from = 0; from < count; from += 500) {
    const at = Array.from({ length: Math.min(500, count - from) }, (_, n) => from + n);
    const { added } = store.append('S1', {
      log: 'Application', recordId: at, time: at.map((n) => n * 1000), id: at.map((n) => 6000 + n % 3), level: at.map(() => 2), provider: at.map(() => 'ADSync'),
      message: at.map((n) => `${texts[n % 3] ?? ''} Number ${n}.${' '.repeat(100)}`), data: at.map(() => []),
    });
    assert.equal(added, at.length);
  }
  return store;
}

function viewOf(store: EventStore, filter: EventFilter): EventView {
  const view = EventView.create(store, filter, { field: 'time', descending: true });
  assert.ok(view instanceof EventView);
  atOnce(view.update());
  return view;
}

describe('a large log', () => {
  const store = filled(100_000);

  it('is shown a window at a time: only the rows in view are made, wherever one is', () => {
    const view = viewOf(store, { terms: [] });
    const made: number[] = [];
    const row = store.row.bind(store);
    store.row = (index) => { made.push(index); return row(index); };
    try {
      assert.deepEqual(view.rows(0, 3).map(({ recordId }) => recordId), [99_999, 99_998, 99_997]);
      assert.deepEqual(view.rows(70_000, 70_030).map(({ recordId }) => recordId), Array.from({ length: 30 }, (_, n) => 29_999 - n));
      assert.ok(made.length <= 33, `${made.length} rows were made`);
    } finally {
      store.row = row;
    }
    assert.equal(view.positionOf('S1', 'Application', 12_345), 87_654);
  });

  it('is filtered by whole events: what matches on any line of a text keeps all its lines', () => {
    const view = viewOf(store, { terms: [], text: { text: 'contoso.example', regex: false, caseSensitive: true } });
    assert.equal(view.count, 33_333);
    for (const { message } of view.rows(0, 100)) assert.match(message ?? '', /^Details follow\.\r\nConnector: contoso\.example\r\nResult: no-start-credentials/);
  });

  it('stays where one reads while events come in, and forgets none that came twice or late', () => {
    const small = filled(600);
    const view = viewOf(small, { terms: [] });
    const [reading] = view.rows(300, 301);
    const late = { log: 'Application', recordId: [700, 599, 650], time: [700_000, 599_000, 650_000], id: [1, 1, 1], level: [4, 4, 4], provider: ['x', 'x', 'x'], message: ['new', 'again', 'late'], data: [[], [], []] };
    assert.deepEqual(small.append('S1', late), { added: 2, duplicates: 1, refused: 0 });
    assert.deepEqual(view.rows(300, 301), [reading]);
    atOnce(view.update());
    assert.equal(view.positionOf('S1', 'Application', reading!.recordId), 302);
    assert.deepEqual(view.rows(0, 3).map(({ recordId }) => recordId), [700, 650, 599]);
  });
});
