import type { InvokeOptions, PSObject, PSValue, PeerInfo, Pipeline, PipelineResult, PowerShellSession, RemoteErrorRecord, RemoteFailure, StreamRecord } from '../../../src/session.ts';
import { scripts } from '../../../src/connect/scripts.ts';
import snapshotScript from '../../../src/connect/scripts/snapshot.ps1';
import { RemoteError } from '../../../src/remote/error.ts';

export type Parameters = Readonly<Record<string, PSValue>>;
/** What a server does when a script is run: its output records, or a throw of ScriptError or RemoteError. */
export type Handler = (script: string, parameters: Parameters, signal: AbortSignal | undefined) => Promise<readonly PSValue[]>;

/** A terminating error of the script. */
export class ScriptError extends Error {
  readonly id: string;

  constructor(message: string, id = 'RuntimeException') {
    super(message);
    this.id = id;
  }
}

const names = new Map<string, string>([[snapshotScript, 'snapshot'], ...Object.values(scripts).map((script): [string, string] => [script.text, script.name])]);

export function lost(): RemoteError {
  return new RemoteError({ reason: 'connection-lost', server: 'fake', message: 'The connection was reset.', remedy: 'Connect again.' });
}

export function object(properties: Readonly<Record<string, PSValue>>): PSObject {
  return { kind: 'object', typeNames: ['System.Management.Automation.PSCustomObject'], toStringValue: undefined, properties, value: undefined };
}

/** A session whose server is a function. Dead after a lost connection, like a real one. */
export class FakeSession implements PowerShellSession {
  readonly peer: PeerInfo = { psVersion: '5.1.20348.1', edition: 'Desktop', protocolVersion: '2.3', computerName: 'SYNC1', transport: 'fake', encryption: undefined };
  readonly capabilities = { reconnect: false, maxFragment: 32_768 };
  readonly closed = new Promise<RemoteFailure | undefined>(() => undefined);
  alive = true;
  readonly #handler: Handler;
  readonly #says: () => readonly StreamRecord[];

  /** `says`: what comes beside every script's output. */
  constructor(handler: Handler, says: () => readonly StreamRecord[] = () => []) {
    this.#handler = handler;
    this.#says = says;
  }

  invoke(text: string, options: InvokeOptions = {}): Pipeline {
    const name = names.get(text);
    if (name === undefined) throw new Error('A script that is not one of the product\'s was invoked.');
    const work = this.#work(name, options);
    const result = work.then((done) => done.result);
    // Not everybody waits for both.
    for (const promise of [work, result]) promise.catch(() => undefined);
    return {
      result,
      stop: () => Promise.resolve(),
      async *[Symbol.asyncIterator](): AsyncGenerator<StreamRecord> {
        for (const record of (await work).records) yield record;
      },
    };
  }

  async #work(name: string, options: InvokeOptions): Promise<{ records: readonly StreamRecord[]; result: PipelineResult }> {
    const timings = { firstRecord: 1, total: 1 };
    if (!this.alive) throw lost();
    await new Promise((resolve) => setImmediate(resolve));
    if (options.signal?.aborted === true) return { records: [], result: { state: 'stopped', hadErrors: false, error: undefined, timings } };
    try {
      const output = await this.#handler(name, options.parameters ?? {}, options.signal);
      return { records: [...this.#says(), ...output.map((value) => ({ stream: 'output', value }) as const)], result: { state: 'completed', hadErrors: false, error: undefined, timings } };
    } catch (error) {
      if (error instanceof ScriptError) return { records: [], result: { state: 'failed', hadErrors: true, error: errorRecord(error.message, error.id), timings } };
      this.alive = false;
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.alive = false;
    return Promise.resolve();
  }
}

function errorRecord(message: string, id: string): RemoteErrorRecord {
  return {
    message, fullyQualifiedErrorId: id, category: { category: 'OperationStopped', activity: '', reason: 'RuntimeException', targetName: '', targetType: '' },
    exceptionType: 'System.Management.Automation.RuntimeException', hresult: undefined, target: undefined, script: undefined, scriptStackTrace: undefined, inner: [], recommendedAction: undefined,
  };
}
