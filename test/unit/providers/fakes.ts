import type { Pipeline, PipelineResult, PowerShellSession, RemoteFailure, ServerConnection, StreamRecord } from '../../../src/session.ts';

/** A promise with its handles. */
export function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: unknown) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((yes, no) => { resolve = yes; reject = no; });
  return { promise, resolve, reject };
}

/** A failure as a transport reports it. */
export function failure(message: string): RemoteFailure {
  return { reason: 'connection-lost', server: 'AADC01', message, remedy: 'Connect again.', quoted: undefined };
}

/** An in-memory session whose pipelines yield what it was told to. */
export class FakeSession implements PowerShellSession {
  readonly peer = { psVersion: '5.1.17763.1', edition: 'Desktop', protocolVersion: '2.3', computerName: 'AADC01', transport: 'SSH', encryption: 'aes' };
  readonly capabilities = { reconnect: false, maxFragment: 32768 };
  readonly #closed = deferred<RemoteFailure | undefined>();
  readonly closed = this.#closed.promise;
  readonly records: StreamRecord[];
  alive = true;

  constructor(records: StreamRecord[] = []) {
    this.records = records;
  }

  invoke(): Pipeline {
    const records = this.records;
    const result: PipelineResult = { state: 'completed', hadErrors: false, error: undefined, timings: { firstRecord: 0, total: 0 } };
    return {
      result: Promise.resolve(result),
      stop: () => Promise.resolve(),
      // eslint-disable-next-line @typescript-eslint/require-await -- an async iterator over what is at hand
      async *[Symbol.asyncIterator]() { yield* records; },
    };
  }

  /** The session ends: lost with a failure, else in order. */
  end(reason?: RemoteFailure): void {
    this.alive = false;
    this.#closed.resolve(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    return Promise.resolve();
  }
}

/** An in-memory connection that counts its sessions. */
export class FakeConnection implements ServerConnection {
  readonly server = 'AADC01';
  readonly sessions: FakeSession[] = [];
  readonly #closed = deferred<RemoteFailure | undefined>();
  readonly closed = this.#closed.promise;
  readonly #make: () => FakeSession;
  alive = true;

  constructor(make: () => FakeSession = () => new FakeSession()) {
    this.#make = make;
  }

  openSession(): Promise<PowerShellSession> {
    const session = this.#make();
    this.sessions.push(session);
    return Promise.resolve(session);
  }

  end(reason?: RemoteFailure): void {
    this.alive = false;
    for (const session of this.sessions) session.end(reason);
    this.#closed.resolve(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.end();
    return Promise.resolve();
  }
}
