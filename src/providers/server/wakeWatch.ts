/** Milliseconds between two looks at the clock, and how late one may be before the machine must have slept. */
const pause = 10_000;
const late = 20_000;

/** Tells when this machine was asleep: timers stand still meanwhile, the clock does not. What was connected then may be dead without a word. */
export class WakeWatch {
  readonly #timer: NodeJS.Timeout;
  readonly #now: () => number;
  readonly #woke: () => void;
  #before: number;

  /** @param now the wall clock, in milliseconds */
  constructor(now: () => number, woke: () => void) {
    this.#now = now;
    this.#woke = woke;
    this.#before = now();
    this.#timer = setInterval(() => { this.look(); }, pause).unref();
  }

  /** Looks at the clock; the timer does so by itself. */
  look(): void {
    const now = this.#now();
    const slept = now - this.#before > pause + late;
    this.#before = now;
    if (slept) this.#woke();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
