/**
 * Long work as a generator that yields where it may be interrupted, at least each millisecond or so. The same kernel runs at once
 * (`atOnce`, for what is small and for measuring) or in slices that leave the host responsive (`inSlices`).
 */
export type Work<T> = Generator<undefined, T, undefined>;

/** What slicing needs from the host. */
export interface SlicePorts {
  /** Lets the host do everything else that waits, then comes back. */
  readonly pause: () => Promise<void>;
  /** A clock in milliseconds that never goes back. */
  readonly now: () => number;
}

/** Milliseconds of work between two pauses. */
export const sliceMilliseconds = 8;

/** Rows that a kernel does between two yields. */
export const rowsBetweenYields = 65_536;

export function atOnce<T>(work: Work<T>): T {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** Throws the signal's reason once it is aborted, at the next place where the work may be interrupted. */
export async function inSlices<T>(work: Work<T>, ports: SlicePorts, signal?: AbortSignal): Promise<T> {
  try {
    for (let until = ports.now() + sliceMilliseconds; ;) {
      signal?.throwIfAborted();
      const step = work.next();
      if (step.done === true) return step.value;
      if (ports.now() < until) continue;
      await ports.pause();
      until = ports.now() + sliceMilliseconds;
    }
  } finally {
    work.return(undefined as T);
  }
}
