import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/providers/disposables.ts';
import { Semaphore } from '../../../src/providers/semaphore.ts';
import { deferred } from './fakes.ts';

describe('disposable store', () => {
  it('lets go latest first, once, and at once of what arrives late', () => {
    const gone: string[] = [];
    const store = new DisposableStore();
    for (const name of ['a', 'b']) store.add({ dispose: () => gone.push(name) });
    assert.equal(store.size, 2);
    store.dispose();
    store.dispose();
    store.add({ dispose: () => gone.push('late') });
    assert.deepEqual(gone, ['b', 'a', 'late']);
    assert.equal(store.size, 0);
  });
});

describe('semaphore', () => {
  it('runs no more than its limit at once, and everything in the end, failures included', async () => {
    const gate = new Semaphore(2);
    let running = 0;
    let most = 0;
    const holds = Array.from({ length: 6 }, () => deferred<undefined>());
    const tasks = holds.map((hold, n) => gate.run(async () => {
      most = Math.max(most, ++running);
      await hold.promise;
      running--;
      if (n === 1) throw new Error('failed');
      return n;
    }));
    const results = Promise.allSettled(tasks);
    for (const hold of holds) hold.resolve(undefined);
    assert.deepEqual((await results).map((result) => result.status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled']);
    assert.equal(most, 2);
  });
});
