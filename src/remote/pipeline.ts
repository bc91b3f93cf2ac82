import type { InvokeOptions, Pipeline, PipelineResult, RemoteErrorRecord, StreamRecord } from '../session.ts';
import { RecordQueue } from './recordQueue.ts';

/** What a pipeline asks of its session. */
export interface PipelineOwner {
  /** Sends the stop and resolves when the server has answered it. */
  requestStop(pipeline: RemotePipeline): Promise<void>;
  /** Drops the connection. */
  dropConnection(pipeline: RemotePipeline): void;
}

/** One script on its way: waiting for its turn, running, ended. */
export class RemotePipeline implements Pipeline {
  readonly script: string;
  readonly options: InvokeOptions;
  readonly queue = new RecordQueue();
  readonly result: Promise<PipelineResult>;
  /** The PSRP id once it was sent. */
  id: string | undefined;
  /** True where another client started it. */
  readonly adopted: boolean;
  hadErrors = false;
  /** The last text of `Write-Host` that came as a record; the host call that repeats it follows. */
  private hostText: string | undefined;
  private readonly owner: PipelineOwner;
  private startedAt = 0;
  private firstRecord: number | undefined;
  private settled = false;
  private stopping: Promise<void> | undefined;
  private stopCalled = false;
  private resolveResult!: (result: PipelineResult) => void;
  private rejectResult!: (error: Error) => void;
  private readonly onAbort = (): void => {
    this.stopping ??= this.owner.requestStop(this);
    this.stopping.catch(() => undefined);
  };

  /** @param adoptedId the id of a pipeline that another client started; undefined: this one starts it */
  constructor(script: string, options: InvokeOptions, owner: PipelineOwner, adoptedId?: string) {
    this.id = adoptedId;
    this.adopted = adoptedId !== undefined;
    this.script = script;
    this.options = options;
    this.owner = owner;
    this.result = new Promise((resolve, reject) => {
      this.resolveResult = resolve;
      this.rejectResult = reject;
    });
    // Whoever only iterates sees the failure there.
    this.result.catch(() => undefined);
  }

  get done(): boolean {
    return this.settled;
  }

  /** True once a stop was asked for. */
  get stopRequested(): boolean {
    return this.stopping !== undefined || this.options.signal?.aborted === true;
  }

  [Symbol.asyncIterator](): AsyncIterator<StreamRecord> {
    return this.queue[Symbol.asyncIterator]();
  }

  async stop(): Promise<void> {
    if (this.settled) return;
    if (this.stopCalled) {
      this.owner.dropConnection(this);
      return;
    }
    this.stopCalled = true;
    // An aborted signal has asked already: then this only waits.
    this.stopping ??= this.owner.requestStop(this);
    await this.stopping;
  }

  /** It is being sent now. */
  start(): void {
    this.startedAt = performance.now();
    this.options.signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  record(record: StreamRecord, size: number): void {
    this.firstRecord ??= performance.now() - this.startedAt;
    if (record.stream === 'error') this.hadErrors = true;
    else if (record.stream === 'information' && record.value.tags.includes('PSHOST')) this.hostText = record.value.message;
    this.queue.push(record, size);
  }

  /** True once for the host call that repeats a record of `Write-Host`. */
  echoes(text: string): boolean {
    if (this.hostText !== text) return false;
    this.hostText = undefined;
    return true;
  }

  finish(state: PipelineResult['state'], error: RemoteErrorRecord | undefined): void {
    if (!this.settle()) return;
    this.queue.end();
    const total = this.startedAt === 0 ? 0 : performance.now() - this.startedAt;
    this.resolveResult({ state, hadErrors: this.hadErrors || error !== undefined, error, timings: { firstRecord: this.firstRecord, total } });
  }

  fail(error: Error): void {
    if (!this.settle()) return;
    this.queue.fail(error);
    this.rejectResult(error);
  }

  private settle(): boolean {
    if (this.settled) return false;
    this.settled = true;
    this.options.signal?.removeEventListener('abort', this.onAbort);
    return true;
  }
}
