import { RemoteError } from '../error.ts';

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

/** What a connection ends with where the person gave no answer. */
export function declined(server: string, what: string): RemoteError {
  return new RemoteError({ reason: 'cancelled', server, message: `Connecting was cancelled: no ${what} was given.`, remedy: 'Connect again to be asked again.' });
}

/** Asks a person; no answer, or a prompt that fails, is the person declining. */
export async function answerOf<T>(server: string, what: string, ask: () => Promise<T | undefined>): Promise<T> {
  let answer: T | undefined;
  try {
    answer = await ask();
  } catch (error) {
    throw new RemoteError({ ...declined(server, what).failure }, { cause: error });
  }
  if (answer === undefined) throw declined(server, what);
  return answer;
}
