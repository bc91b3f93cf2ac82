import assert from 'node:assert/strict';
import fc from 'fast-check';
import { facetCounts, withoutField } from '../../../src/events/analysis/facets.ts';
import { groupByFacet, groupByGap, surroundings } from '../../../src/events/analysis/groups.ts';
import { histogram, histogramLevels } from '../../../src/events/analysis/histogram.ts';
import { facetFields } from '../../../src/events/event-filter.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { EventView } from '../../../src/events/event-view.ts';
import { Finder } from '../../../src/events/search/find.ts';
import { atOnce } from '../../../src/events/view/slices.ts';
import { cases, fuzzing } from '../../cases.ts';
import { shows } from './naive.ts';
import { anyEvent, batchOf } from './samples.ts';

const filled = fc.array(anyEvent, { maxLength: 50 }).map((rows) => {
  const store = new EventStore();
  for (const row of rows) store.append(row.server, batchOf([row]));
  const view = EventView.create(store, { terms: [] }, { field: 'time', descending: true });
  assert.ok(view instanceof EventView);
  atOnce(view.update());
  return { store, view, rows: view.rows(0, view.count) };
});

describe('what a view is about', () => {
  it('as a histogram has each event in the bucket of its time and level', () => {
    fc.assert(fc.property(filled, fc.integer({ min: 1, max: 60 }), ({ store, view, rows }, most) => {
      const made = atOnce(histogram(store, view.indexes, most));
      if (rows.length === 0) {
        assert.equal(made, undefined);
        return;
      }
      assert.ok(made !== undefined && made.buckets <= most);
      const expected = new Uint32Array(made.buckets * histogramLevels);
      for (const row of rows) {
        const bucket = Math.floor((row.time - made.from) / made.width);
        expected[bucket * histogramLevels + row.level]! += 1;
      }
      assert.deepEqual(made.counts, expected);
      assert.equal(made.counts.reduce((sum, count) => sum + count, 0), rows.length);
    }), cases(100));
  });

  it('as a histogram over a range leaves out what lies beyond, and refuses a range that is none', () => {
    const store = new EventStore();
    store.append('S1', batchOf([0, 10, 20, 30].map((time, recordId) => ({ server: 'S1', log: 'System', recordId, time, id: 1, level: 9, provider: 'x', message: undefined, data: [] }))));
    const rows = Uint32Array.of(0, 1, 2, 3);
    const made = atOnce(histogram(store, rows, 2, { from: 10, to: 29 }));
    assert.deepEqual(made && [made.from, made.width, made.buckets, made.most, made.counts[4], made.counts[10]], [10, 10, 2, 1, 1, 1]);
    assert.equal(atOnce(histogram(store, rows, 2, { from: 5, to: 4 })), undefined);
    assert.equal(atOnce(histogram(store, rows, 2, { from: Number.NaN, to: 4 })), undefined);
  });

  it('as counts and groups agrees with counting by hand', () => {
    fc.assert(fc.property(filled, fc.constantFrom(...facetFields), ({ store, view, rows }, field) => {
      const counts = atOnce(facetCounts(store, view.indexes, field));
      const groups = atOnce(groupByFacet(store, view.indexes, field));
      const values = new Set(rows.map((row) => row[field]));
      assert.equal(counts.length, values.size);
      assert.deepEqual(groups.map((group) => group.value), [...values]);
      for (const { value, count } of counts) {
        const members = rows.filter((row) => row[field] === value);
        assert.equal(count, members.length);
        assert.deepEqual(Array.from(groups.find((group) => group.value === value)?.rows ?? [], (row) => store.row(row)), members);
      }
      assert.deepEqual(counts.map(({ count }) => count), counts.map(({ count }) => count).sort((a, b) => b - a));
    }), cases(100));
  });

  it('is cut where nothing happened for long', () => {
    fc.assert(fc.property(filled, fc.integer({ min: 0, max: 4 }), ({ store, view, rows }, gap) => {
      const groups = atOnce(groupByGap(store, view.indexes, gap));
      assert.deepEqual(groups.flatMap((group) => [...group.rows]), [...view.indexes]);
      for (const [at, group] of groups.entries()) {
        const times = Array.from(group.rows, (row) => store.row(row).time);
        assert.deepEqual([group.from, group.to], [Math.min(...times), Math.max(...times)]);
        for (let i = 1; i < times.length; i++) assert.ok((times[i - 1] ?? 0) - (times[i] ?? 0) <= gap);
        const next = groups[at + 1];
        if (next !== undefined) assert.ok(group.from - next.to > gap);
      }
      assert.equal(groups.length === 0, rows.length === 0);
    }), cases(100));
  });

  it('is looked through from any position, down and up, round the end', () => {
    fc.assert(fc.property(filled, fc.integer({ min: -3, max: 60 }), fc.constantFrom(1 as const, -1 as const), fc.constantFrom('a', 'service', '日本', '62'), ({ store, view, rows }, start, step, text) => {
      const query = { text, regex: false, caseSensitive: false };
      const finder = Finder.create(store, query);
      assert.ok(finder instanceof Finder);
      const found = atOnce(finder.find(view.indexes, start, step));
      const { length } = rows;
      const hits = rows.map((row) => shows({ terms: [], text: query }, row));
      const order = Array.from(rows, (_, i) => (((start + i * step) % length) + length) % length);
      assert.equal(found, order.find((at) => hits[at]) ?? -1);
      const counts = atOnce(finder.count(view.indexes, Math.max(0, start)));
      assert.deepEqual(counts, { all: hits.filter(Boolean).length, before: hits.slice(0, Math.max(0, start)).filter(Boolean).length });
    }), cases(100));
  }).timeout(fuzzing ? 0 : 60_000);

  it('around an event is what happened within seconds of it', () => {
    const row = { server: 'S1', log: 'System', recordId: 1, time: 5000, id: 1, level: 4, provider: 'x', message: undefined, data: [] };
    assert.equal(shows(surroundings(row, 2, false), { ...row, server: 'S2', time: 7000 }), true);
    assert.equal(shows(surroundings(row, 2, false), { ...row, time: 7000.1 }), false);
    assert.equal(shows(surroundings(row, 2, true), { ...row, server: 'S2' }), false);
    assert.deepEqual(withoutField(surroundings(row, 2, true), 'server').terms, []);
  });
});
