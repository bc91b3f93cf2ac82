/**
 * Runs the tasks of one key one after the other in the order they were asked for; tasks of different keys run side by side.
 * Reads of a file are asked for by a watcher, a command and typing at once: without an order an old text could win over a newer.
 */
export class KeyedQueue {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Runs `task` when every earlier task of `key` has ended, however it ended. */
  run<T>(key: string, task: () => T | Promise<T>): Promise<T> {
    const before = this.#tails.get(key) ?? Promise.resolve();
    const own = before.then(task);
    const tail = own.catch(() => undefined).then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key);
    });
    this.#tails.set(key, tail);
    return own;
  }
}
