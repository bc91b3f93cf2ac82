import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../connect/server.ts';

/** This machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  delay: async (milliseconds, signal) => {
    await wait(milliseconds, undefined, signal === undefined ? {} : { signal });
  },
};
