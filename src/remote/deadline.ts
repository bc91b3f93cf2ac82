/** The peer said nothing within a named limit. */
export class SilenceError extends Error {
  override readonly name = 'SilenceError';

  constructor(waitedFor: string, milliseconds: number) {
    super(`The server did not send ${waitedFor} within ${milliseconds / 1000} seconds.`);
  }
}

/** A timer that can be held. */
export class Deadline {
  private readonly milliseconds: number;
  private readonly expired: () => void;
  private readonly ended: () => void;
  private timer: NodeJS.Timeout | undefined;
  private holds = 0;
  private over = false;

  constructor(milliseconds: number, expired: () => void, ended: () => void) {
    this.milliseconds = milliseconds;
    this.expired = expired;
    this.ended = ended;
    this.start();
  }

  /** Does not run until as many releases have come; then the time starts again. */
  hold(): void {
    this.holds++;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  release(): void {
    this.holds--;
    this.start();
  }

  /** Something came: the time starts again. */
  restart(): void {
    this.timer?.refresh();
  }

  clear(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.ended();
  }

  private start(): void {
    if (this.over || this.holds > 0) return;
    this.timer = setTimeout(() => {
      this.over = true;
      this.expired();
    }, this.milliseconds);
  }
}

/** The deadlines of one session: none of them runs while reading is held back on this side. */
export class Deadlines {
  private readonly running = new Set<Deadline>();
  private paused = 0;

  /** Starts a limit on something that is waited for. `expired` is called at most once. */
  start(waitedFor: string, milliseconds: number, expired: (error: SilenceError) => void): Deadline {
    const deadline = new Deadline(milliseconds, () => {
      this.running.delete(deadline);
      expired(new SilenceError(waitedFor, milliseconds));
    }, () => {
      this.running.delete(deadline);
    });
    this.running.add(deadline);
    for (let i = 0; i < this.paused; i++) deadline.hold();
    return deadline;
  }

  /** Holds all of them until `hold` has settled; then each starts again. */
  async pausedWhile(hold: Promise<void>): Promise<void> {
    this.paused++;
    for (const deadline of this.running) deadline.hold();
    try {
      await hold;
    } finally {
      this.paused--;
      for (const deadline of this.running) deadline.release();
    }
  }

  /** Ends every timer. */
  clear(): void {
    for (const deadline of this.running) deadline.clear();
  }
}
