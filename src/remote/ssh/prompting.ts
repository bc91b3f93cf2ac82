/** Time that may pass while the peer, not a person, has to answer. */
export interface Deadline {
  /** Runs `ask` with the clock stopped. */
  pausedFor<T>(ask: () => Promise<T>): Promise<T>;
  clear(): void;
}

/** Starts a deadline of `milliseconds`; `expired` is called at most once. */
export function startDeadline(milliseconds: number, expired: () => void): Deadline {
  let left = milliseconds;
  let startedAt = performance.now();
  let timer: NodeJS.Timeout | undefined = setTimeout(expired, left);
  let cleared = false;
  return {
    async pausedFor(ask) {
      clearTimeout(timer);
      left = Math.max(1, left - (performance.now() - startedAt));
      try {
        return await ask();
      } finally {
        startedAt = performance.now();
        if (!cleared) timer = setTimeout(expired, left);
      }
    },
    clear() {
      cleared = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
