import type { Clock } from '../../../src/connect/server.ts';

/** Time that passes only when somebody waits: tests of hours take no time. */
export class FakeClock implements Clock {
  time = Date.UTC(2026, 9, 5, 12, 0);

  now(): number {
    return this.time;
  }

  async delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    // Macro-tasks run in between, as in real waiting, so that nothing starves.
    await new Promise((resolve) => setImmediate(resolve));
    this.time += milliseconds;
    signal?.throwIfAborted();
  }
}
