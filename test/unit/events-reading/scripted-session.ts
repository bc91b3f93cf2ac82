import type { InvokeOptions, Pipeline, PipelineResult, PowerShellSession, PSObject, PSValue, RemoteErrorRecord, RemoteFailure, StreamRecord } from '../../../src/session.ts';

/** One event as a scripted server holds it. `ticks` are 100 ns since 1970. */
export interface Event {
  readonly record: number;
  readonly ticks?: number | bigint;
  readonly id?: number;
  readonly provider?: string;
  readonly message?: string;
  readonly data?: string;
}

/** What one call is answered with; a thrown error is a connection that breaks. */
export type Answer = (parameters: Readonly<Record<string, PSValue>>, signal: AbortSignal | undefined) => AsyncIterable<PSValue> | Iterable<PSValue>;

/** A session whose server is a list of answers, one a call. */
export class ScriptedSession implements PowerShellSession {
  readonly peer = { psVersion: '5.1', edition: 'Desktop', protocolVersion: '2.3', computerName: 'SYNC1', transport: 'test', encryption: undefined };
  readonly capabilities = { reconnect: false, maxFragment: 32_768 };
  /** False once an answer threw: the connection broke. */
  alive = true;
  readonly closed = new Promise<RemoteFailure | undefined>(() => undefined);
  readonly calls: InvokeOptions[] = [];
  stops = 0;
  /** Values that were taken from the server. */
  taken = 0;
  error: RemoteErrorRecord | undefined;
  readonly #answers: Answer[];

  constructor(...answers: readonly Answer[]) {
    this.#answers = [...answers];
  }

  invoke(_script: string, options: InvokeOptions = {}): Pipeline {
    this.calls.push(options);
    const answer = this.#answers.shift();
    if (answer === undefined) throw new Error('The server was asked more often than it has answers.');
    let end: (result: PipelineResult) => void = () => undefined;
    let fail: (error: unknown) => void = () => undefined;
    const result = new Promise<PipelineResult>((resolve, reject) => { [end, fail] = [resolve, reject]; });
    result.catch(() => undefined);
    const done = (state: PipelineResult['state']): void => { end({ state, hadErrors: false, error: this.error, timings: { firstRecord: 1, total: 1 } }); };
    const take = (): void => { this.taken++; };
    const breaks = (): void => { this.alive = false; };
    return {
      result,
      stop: () => {
        this.stops++;
        done('stopped');
        return Promise.resolve();
      },
      async *[Symbol.asyncIterator](): AsyncGenerator<StreamRecord> {
        try {
          for await (const value of answer(options.parameters ?? {}, options.signal)) {
            take();
            yield { stream: 'output', value };
          }
        } catch (error) {
          breaks();
          fail(error);
          throw error;
        }
        done(options.signal?.aborted === true ? 'stopped' : 'completed');
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> { return Promise.resolve(); }
}

export function object(properties: Readonly<Record<string, PSValue>>): PSObject {
  return { kind: 'object', typeNames: [], toStringValue: undefined, properties, value: undefined };
}

export const begin = (log: string, reach: { count?: number; oldest?: number } = {}): PSObject => object({ kind: 'begin', log, count: BigInt(reach.count ?? -1), oldest: BigInt(reach.oldest ?? -1), enabled: true, circular: true });
export const end = (log: string, rows = 0, outcome = 'read', detail = ''): PSObject => object({ kind: 'end', log, outcome, detail, rows, unformatted: 0 });

/** Events in the columns that the script sends. */
export function batch(log: string, events: readonly Event[], change: Readonly<Record<string, PSValue>> = {}): PSObject {
  const texts: string[] = [];
  const place = (text: string | undefined): number => {
    if (text === undefined) return -1;
    if (!texts.includes(text)) texts.push(text);
    return texts.indexOf(text);
  };
  const joined = (values: readonly (number | bigint | string)[]): string => values.join(' ');
  const epoch = 621_355_968_000_000_000n;
  const ticks = events.map((event) => epoch + BigInt(event.ticks ?? event.record * 10_000));
  const columns = {
    kind: 'batch', log, rows: events.length, recordId: joined(events.map(({ record }, i) => record - (events[i - 1]?.record ?? 0))),
    time: joined(ticks.map((tick, i) => (i === 0 ? tick : tick - ticks[i - 1]!))), id: joined(events.map(({ id }) => id ?? 7036)), level: joined(events.map(() => 4)),
    provider: joined(events.map(({ provider }) => place(provider ?? 'ADSync'))), message: joined(events.map(({ message }) => place(message))), data: joined(events.map(({ data }) => place(data))),
  };
  return object({ ...columns, texts, ...change });
}

