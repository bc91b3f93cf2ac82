import assert from 'node:assert/strict';
import { KeyedQueue } from '../../../src/providers/keyedQueue.ts';

describe('queue of a key', () => {
  const deferred = (): { promise: Promise<string>; resolve: (value: string) => void } => {
    let resolve!: (value: string) => void;
    return { promise: new Promise((settle) => { resolve = settle; }), resolve };
  };

  it('lets the task asked for last have the last word, even when an earlier one is slower', async () => {
    const queue = new KeyedQueue();
    const slow = deferred();
    let kept = '';
    const first = queue.run('file', async () => { kept = await slow.promise; });
    const second = queue.run('file', () => { kept = 'new'; });
    slow.resolve('old');
    await Promise.all([first, second]);
    assert.equal(kept, 'new');
  });

  it('does not let one key wait for another', async () => {
    const queue = new KeyedQueue();
    const never = deferred();
    const blocked = queue.run('a', () => never.promise);
    assert.equal(await queue.run('b', () => 'done'), 'done');
    never.resolve('');
    await blocked;
  });

  it('goes on after a task that failed, and tells that task\'s caller', async () => {
    const queue = new KeyedQueue();
    const failing = queue.run('a', () => Promise.reject(new Error('unreadable')));
    const next = queue.run('a', () => 2);
    await assert.rejects(failing, /unreadable/);
    assert.equal(await next, 2);
  });
});
