import type { InvokeOptions, Pipeline, PipelineResult, PowerShellSession, StreamRecord } from '../../session.ts';

/** Where a pipeline's records are shown while they are read. */
export interface RecordSink {
  record(record: StreamRecord): void;
}

/** The same session, with every record that is read from its pipelines shown in `sink` first. */
export function teeSession(session: PowerShellSession, sink: RecordSink): PowerShellSession {
  return {
    get peer() { return session.peer; },
    get capabilities() { return session.capabilities; },
    get alive() { return session.alive; },
    get closed() { return session.closed; },
    get disconnection() { return session.disconnection; },
    invoke: (script: string, options?: InvokeOptions): Pipeline => new TeePipeline(session.invoke(script, options), sink),
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  };
}

class TeePipeline implements Pipeline {
  readonly result: Promise<PipelineResult>;
  readonly #inner: Pipeline;
  readonly #sink: RecordSink;

  constructor(inner: Pipeline, sink: RecordSink) {
    this.#inner = inner;
    this.#sink = sink;
    this.result = inner.result;
  }

  stop(): Promise<void> {
    return this.#inner.stop();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<StreamRecord> {
    for await (const record of this.#inner) {
      this.#sink.record(record);
      yield record;
    }
  }
}
