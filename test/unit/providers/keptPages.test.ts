import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { Memento } from 'vscode';
import type { PageState } from '../../../src/events/protocol.ts';
import { KeptPages } from '../../../src/providers/events/keptPages.ts';

const state = (at: number): PageState => ({
  source: ['a'], filter: { terms: [] }, sort: { field: 'time', descending: true }, columns: [], clock: 'utc', bookmarks: [], at,
  search: { query: { text: '', regex: false, caseSensitive: false }, only: false }, sidebar: true, details: true, detailsHeight: 200,
});

function storage(): Memento & { readonly written: unknown[] } {
  const values = new Map<string, unknown>();
  const written: unknown[] = [];
  return {
    written, keys: () => [...values.keys()],
    get: <T>(name: string, other?: T): T | undefined => (values.has(name) ? (values.get(name) as T) : other),
    update: (name: string, value: unknown) => {
      written.push(value);
      values.set(name, JSON.parse(JSON.stringify(value)) as unknown);
      return Promise.resolve();
    },
  };
}

async function settled(memento: { readonly written: unknown[] }, times: number): Promise<void> {
  while (memento.written.length < times) await wait(20);
}

describe('what an event tab showed', () => {
  it('is kept for the next window, and of two states the later counts', async () => {
    const memento = storage();
    const kept = new KeptPages(memento);
    kept.keep('tab', state(1));
    kept.keep('tab', state(20));
    await settled(memento, 1);
    const next = new KeptPages(memento);
    assert.equal(next.latest('tab', undefined)?.at, 20);
    assert.equal(next.latest('tab', state(10))?.at, 20);
    assert.equal(next.latest('tab', state(30))?.at, 30);
    assert.equal(next.latest('other', undefined), undefined);
  });

  it('is left alone where it cannot be understood', async () => {
    const memento = storage();
    await memento.update('events.pages', { tab: { source: 7 } });
    assert.equal(new KeptPages(memento).latest('tab', undefined), undefined);
  });

  it('of twenty tabs at most', async () => {
    const memento = storage();
    const kept = new KeptPages(memento);
    for (let n = 0; n < 25; n++) kept.keep(`tab ${n}`, state(n));
    await settled(memento, 1);
    assert.equal(Object.keys(memento.written.at(-1) as object).length, 20);
    assert.equal(new KeptPages(memento).latest('tab 24', undefined)?.at, 24);
    assert.equal(new KeptPages(memento).latest('tab 0', undefined), undefined);
  });
});
