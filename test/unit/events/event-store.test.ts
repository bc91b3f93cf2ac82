import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventRow } from '../../../src/events/event-batch.ts';
import { EventStore } from '../../../src/events/event-store.ts';
import { cases } from '../../cases.ts';
import { anyEvent, batchOf, nastyTexts } from './samples.ts';

const event = (row: Partial<EventRow>): EventRow => ({ server: 'S1', log: 'System', recordId: 1, time: 1, id: 7036, level: 4, provider: 'x', message: undefined, data: [], ...row });

describe('the event store', () => {
  it('gives back every event exactly as it came, whatever its texts', () => {
    fc.assert(fc.property(fc.array(anyEvent, { maxLength: 60 }), (rows) => {
      const store = new EventStore();
      const held = rows.filter((row) => store.append(row.server, batchOf([row])).added === 1);
      assert.deepEqual(held.map((_, at) => store.row(at)), held);
      assert.equal(store.size, held.length);
    }), cases(100));
  });

  it('keeps 64 KiB messages, no message and an empty one, no values and an empty one apart', () => {
    const rows = [
      event({ recordId: 1, message: 'x'.repeat(65_536) }), event({ recordId: 2, message: undefined }), event({ recordId: 3, message: '' }),
      event({ recordId: 4, data: [] }), event({ recordId: 5, data: [''] }), event({ recordId: 6, data: ['', ''] }), ...nastyTexts.map((text, at) => event({ recordId: 10 + at, message: text, data: [text, text] })),
    ];
    const store = new EventStore();
    store.append('S1', batchOf(rows));
    assert.deepEqual(rows.map((_, at) => store.row(at)), rows);
  });

  it('ignores an event that it holds, but not one whose id was used again after the log was cleared', () => {
    const store = new EventStore();
    assert.deepEqual(store.append('S1', batchOf([event({}), event({}), event({ recordId: 2 })])), { added: 2, duplicates: 1, refused: 0 });
    const { version } = store;
    assert.deepEqual(store.append('S1', batchOf([event({ message: 'other' })])), { added: 0, duplicates: 1, refused: 0 });
    assert.equal(store.version, version);
    assert.deepEqual(store.append('S1', batchOf([event({ time: 99 })])), { added: 1, duplicates: 0, refused: 0 });
    assert.ok(store.version > version);
    assert.deepEqual(store.append('S2', batchOf([event({})])), { added: 1, duplicates: 0, refused: 0 });
    assert.deepEqual(store.append('S1', batchOf([event({ log: 'Application' })])), { added: 1, duplicates: 0, refused: 0 });
    assert.equal(store.row(store.find('S1', 'System', 1)).time, 99);
    assert.equal(store.find('S1', 'System', 3), -1);
    assert.equal(store.find('nobody', 'System', 1), -1);
    assert.deepEqual(store.serverNames, ['S1', 'S2']);
  });

  it('takes no more than it may', () => {
    const store = new EventStore({ events: 2 });
    assert.deepEqual(store.append('S1', batchOf([1, 2, 3, 4].map((recordId) => event({ recordId })))), { added: 2, duplicates: 0, refused: 2 });
    const small = new EventStore({ text: 100 });
    assert.deepEqual(small.append('S1', batchOf([1, 2, 3].map((recordId) => event({ recordId, message: recordId.toString().repeat(60) })))), { added: 2, duplicates: 0, refused: 1 });
  });

  it('forgets a log, a server, or all, and keeps the rest findable', () => {
    const fill = (): EventStore => {
      const store = new EventStore();
      for (const server of ['S1', 'S2']) for (const log of ['System', 'Application']) store.append(server, batchOf([1, 2].map((recordId) => event({ server, log, recordId, message: `${server} ${log} ${recordId}` }))));
      return store;
    };
    const one = fill();
    one.clear('S1', 'System');
    assert.equal(one.size, 6);
    assert.equal(one.find('S1', 'System', 1), -1);
    assert.equal(one.row(one.find('S2', 'Application', 2)).message, 'S2 Application 2');
    assert.equal(one.append('S1', batchOf([event({ message: 'again' })])).added, 1);
    const server = fill();
    server.clear('S2');
    assert.deepEqual(Array.from({ length: server.size }, (_, at) => server.row(at).server), ['S1', 'S1', 'S1', 'S1']);
    const every = fill();
    every.clear();
    assert.equal(every.size, 0);
    assert.equal(every.contents.texts.length, 0);
    const { version } = every;
    every.clear('nobody');
    assert.equal(every.version, version);
    assert.throws(() => every.row(0), RangeError);
  });

  it('keeps the fixed text of a message once for all events of its kind', () => {
    const store = new EventStore();
    const fixed = 'An account was successfully logged on with a long explanation that never changes. '.repeat(10);
    store.append('S1', batchOf(Array.from({ length: 1000 }, (_, at) => event({ recordId: at, data: [`user${at}`, `0x${at}`], message: `${fixed}Name: user${at} Id: 0x${at}` }))));
    assert.equal(store.row(999).message, `${fixed}Name: user999 Id: 0x999`);
    assert.ok(store.contents.texts.length < 20_000, `${store.contents.texts.length} characters`);
  });
});
