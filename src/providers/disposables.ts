/** Anything that can be let go. */
export interface Disposable {
  dispose(): unknown;
}

/** Keeps disposables and lets all go at once, latest first; what arrives late is disposed at once. */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  /** Keeps one and returns it. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#items.add(item);
    return item;
  }

  /** How many are kept. */
  get size(): number {
    return this.#items.size;
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    for (const item of [...this.#items].reverse()) item.dispose();
    this.#items.clear();
  }
}
