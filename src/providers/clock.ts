import type { Clock } from '../connect/server.ts';

/** This machine's time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  delay: (milliseconds, signal) => new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(aborted());
      return;
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    function stop(): void {
      clearTimeout(timer);
      reject(aborted());
    }
    signal?.addEventListener('abort', stop, { once: true });
  }),
};

function aborted(): DOMException {
  return new DOMException('The wait was cancelled.', 'AbortError');
}
