/** What a task that takes long costs the others. */
export interface Patience {
  /** Milliseconds after which a task that is still at work gives its place to the next. */
  readonly milliseconds: number;
  /** How many such tasks there may be; the next one keeps its place. */
  readonly slow: number;
}

/** Lets at most a number of tasks run at once; the others wait their turn. One that takes long stops holding the others up. */
export class Semaphore {
  readonly #patience: Patience | undefined;
  readonly #waiting: (() => void)[] = [];
  #free: number;
  #slow = 0;

  constructor(limit: number, patience?: Patience) {
    this.#free = limit;
    this.#patience = patience;
  }

  /** Runs the task when there is room. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => { this.#waiting.push(resolve); });
    const place = { given: false };
    const timer = this.#patience === undefined ? undefined : setTimeout(() => {
      if (this.#slow >= (this.#patience?.slow ?? 0)) return;
      place.given = true;
      this.#slow++;
      this.#release();
    }, this.#patience.milliseconds);
    try {
      return await task();
    } finally {
      clearTimeout(timer);
      if (place.given) this.#slow--;
      else this.#release();
    }
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
