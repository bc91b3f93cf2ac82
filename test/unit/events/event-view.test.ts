import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventRow } from '../../../src/events/event-batch.ts';
import type { EventFilter, EventSort } from '../../../src/events/event-filter.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { EventView } from '../../../src/events/event-view.ts';
import { atOnce, inSlices } from '../../../src/events/view/slices.ts';
import { cases, fuzzing } from '../../cases.ts';
import { NaiveStore } from './naive.ts';
import { anyEvent, anyFilter, anySort, batchOf } from './samples.ts';

const all: EventFilter = { terms: [] };
const newest: EventSort = { field: 'time', descending: true };

function viewOf(store: EventStore, filter = all, sort = newest): EventView {
  const view = EventView.create(store, filter, sort);
  assert.ok(view instanceof EventView);
  atOnce(view.update());
  return view;
}

const event = (row: Partial<EventRow>): EventRow => ({ server: 'S1', log: 'System', recordId: 1, time: 1, id: 1, level: 4, provider: 'x', message: undefined, data: [], ...row });

/** What was appended in pieces, one server and log each as batches are. */
function append(store: EventStore, naive: NaiveStore, rows: readonly EventRow[]): void {
  const parts = new Map<string, EventRow[]>();
  for (const row of rows) parts.set(`${row.server}|${row.log}`, [...parts.get(`${row.server}|${row.log}`) ?? [], row]);
  for (const part of parts.values()) assert.equal(store.append(part[0]?.server ?? '', batchOf(part)).added, naive.append(part));
}

describe('a view of the event store', () => {
  it('shows what a naive one shows, in its order, also as events come in and orders change', () => {
    fc.assert(fc.property(fc.array(fc.array(anyEvent, { maxLength: 30 }), { minLength: 1, maxLength: 4 }), anyFilter, anySort, anySort, (pieces, filter, sort, other) => {
      const [store, naive] = [new EventStore(), new NaiveStore()];
      const view = viewOf(store, filter, sort);
      for (const piece of pieces) {
        append(store, naive, piece);
        atOnce(view.update());
        assert.deepEqual(view.rows(0, view.count), naive.view(filter, sort));
      }
      view.sortBy(other);
      atOnce(view.update());
      assert.deepEqual(view.rows(0, view.count), naive.view(filter, other));
      for (const [at, row] of view.indexes.entries()) assert.equal(view.positionOfRow(row), at);
    }), cases(150));
  }).timeout(fuzzing ? 0 : 60_000);

  it('merges few events into many as if all had been there', () => {
    fc.assert(fc.property(fc.array(anyEvent, { minLength: 60, maxLength: 120 }), fc.array(anyEvent, { maxLength: 3 }), anyFilter, anySort, (many, few, filter, sort) => {
      const [store, naive] = [new EventStore(), new NaiveStore()];
      append(store, naive, many);
      const view = viewOf(store, filter, sort);
      append(store, naive, few);
      atOnce(view.update());
      assert.deepEqual(view.rows(0, view.count), naive.view(filter, sort));
    }), cases(80));
  }).timeout(fuzzing ? 0 : 60_000);

  it('stays as it was until it is updated, and is empty once its rows were cleared', () => {
    const store = new EventStore();
    store.append('S1', batchOf([event({}), event({ recordId: 2, time: 2 })]));
    const view = viewOf(store);
    store.append('S1', batchOf([event({ recordId: 3, time: 3 })]));
    assert.equal(view.count, 2);
    assert.equal(view.isStale, true);
    store.clear('S1', 'System');
    assert.equal(view.count, 0);
    assert.deepEqual(view.rows(0, 10), []);
    store.append('S1', batchOf([event({ recordId: 1, time: 9 })]));
    atOnce(view.update());
    assert.deepEqual(view.rows(0, 10).map((row) => row.time), [9]);
    assert.equal(view.isStale, false);
  });

  it('works in slices while events come in and go, and ends with what is there', async () => {
    const store = new EventStore();
    const many = (from: number): EventRow[] => Array.from({ length: 5000 }, (_, at) => event({ recordId: from + at, time: from + at, message: `message ${at}` }));
    store.append('S1', batchOf(many(0)));
    const view = EventView.create(store, { terms: [], text: { text: 'message 1', regex: false, caseSensitive: true } }, { field: 'message', descending: false });
    assert.ok(view instanceof EventView);
    let pauses = 0;
    let time = 0;
    const ports = {
      now: () => (time += 5),
      pause: () => {
        pauses++;
        if (pauses === 2) store.clear();
        if (pauses === 3) store.append('S1', batchOf(many(70_000)));
        return Promise.resolve();
      },
    };
    const both = await Promise.all([view.refresh(ports), view.refresh(ports)]);
    assert.equal(both[0], true);
    await view.refresh(ports);
    assert.ok(pauses > 3);
    assert.equal(view.count, 1111);
    assert.equal(view.rows(0, 1)[0]?.recordId, 70_001);
  });

  it('is given up when it is aborted, and can be updated afterwards', async () => {
    const store = new EventStore();
    store.append('S1', batchOf(Array.from({ length: 3000 }, (_, at) => event({ recordId: at, message: `m${at}` }))));
    const view = EventView.create(store, all, { field: 'message', descending: true });
    assert.ok(view instanceof EventView);
    const abort = new AbortController();
    let time = 0;
    const ports = { now: () => (time += 100), pause: () => { abort.abort(new Error('enough')); return Promise.resolve(); } };
    await assert.rejects(view.refresh(ports, abort.signal), /enough/);
    assert.equal(view.count, 0);
    await view.refresh({ ...ports, pause: () => Promise.resolve() });
    assert.equal(view.count, 3000);
    await assert.rejects(inSlices(view.update(), ports, abort.signal), /enough/);
  });
});
