import type { StreamRecord } from '../session.ts';

/** Unread records from which reading the channel is held back, and down to which it waits, in bytes and in number. */
const highBytes = 4 * 2 ** 20;
const highCount = 4096;

interface Item {
  readonly record: StreamRecord | undefined;
  readonly action: (() => void) | undefined;
  readonly size: number;
}

/**
 * Records between the reader of a channel and the one iteration over a pipeline. Bounded: when it is full the reader
 * waits, and so does the server. Once nobody will read any more, records are dropped instead.
 */
export class RecordQueue implements AsyncIterable<StreamRecord> {
  private items: Item[] = [];
  private head = 0;
  private bytes = 0;
  private state: 'open' | 'ended' | 'failed' = 'open';
  private error: Error | undefined;
  private iterating = false;
  private discarding = false;
  private stopping = false;
  private wake: (() => void) | undefined;
  private roomWake: (() => void) | undefined;

  push(record: StreamRecord, size: number): void {
    if (this.discarding || (this.stopping && this.full)) return;
    this.add({ record, action: undefined, size });
  }

  /** Something to be done when the iteration gets here; at once where nobody iterates. */
  act(action: () => void): void {
    if (!this.iterating || this.discarding) action();
    else this.add({ record: undefined, action, size: 0 });
  }

  /** No more records will come. */
  end(): void {
    this.settle('ended', undefined);
  }

  /** The iteration throws this after the records that came before. */
  fail(error: Error): void {
    this.settle('failed', error);
  }

  /** The pipeline is being stopped: never hold the server back any more, drop what does not fit. */
  stop(): void {
    this.stopping = true;
    this.release();
  }

  private get full(): boolean {
    return this.bytes >= highBytes || this.items.length - this.head >= highCount;
  }

  /** Resolves when there is room again; undefined where there is. */
  room(): Promise<void> | undefined {
    if (!this.full || this.stopping || this.discarding || this.state !== 'open') return undefined;
    return new Promise((resolve) => {
      this.roomWake = resolve;
    });
  }

  /** One iteration only. Leaving it early drops what still comes; the pipeline runs on to its end. */
  [Symbol.asyncIterator](): AsyncIterator<StreamRecord> {
    if (this.iterating) throw new Error('A pipeline can be iterated once.');
    this.iterating = true;
    return {
      next: () => this.next(),
      return: () => {
        this.discard();
        return Promise.resolve({ value: undefined, done: true });
      },
    };
  }

  private async next(): Promise<IteratorResult<StreamRecord>> {
    for (;;) {
      const item = this.items[this.head];
      if (item !== undefined) {
        this.remove(item);
        if (item.record !== undefined) return { value: item.record, done: false };
        item.action?.();
      } else if (this.state === 'open') {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      } else if (this.error !== undefined && !this.discarding) {
        throw this.error;
      } else {
        return { value: undefined, done: true };
      }
    }
  }

  private add(item: Item): void {
    if (this.state !== 'open') return;
    this.items.push(item);
    this.bytes += item.size;
    this.wakeReader();
  }

  private remove(item: Item): void {
    this.head++;
    this.bytes -= item.size;
    if (this.head === this.items.length) {
      this.items = [];
      this.head = 0;
    } else if (this.head >= 1024) {
      this.items.splice(0, this.head);
      this.head = 0;
    }
    if (this.bytes < highBytes / 2 && this.items.length - this.head < highCount / 2) this.release();
  }

  private discard(): void {
    this.discarding = true;
    const { items, head } = this;
    this.items = [];
    this.head = 0;
    this.bytes = 0;
    for (const item of items.slice(head)) item.action?.();
    this.release();
  }

  private settle(state: 'ended' | 'failed', error: Error | undefined): void {
    if (this.state !== 'open') return;
    this.state = state;
    this.error = error;
    this.release();
    this.wakeReader();
  }

  private release(): void {
    this.roomWake?.();
    this.roomWake = undefined;
  }

  private wakeReader(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
