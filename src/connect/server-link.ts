import type { PSValue, PowerShellSession, StreamRecord } from '../session.ts';
import { flatRecord, type FlatRecord } from './flat-record.ts';
import { Cancelled, ScriptFailed, isConnectionLost } from './run-errors.ts';
import type { ServerScript } from './scripts.ts';
import type { Clock, ConnectServer } from './server.ts';

/** Most output records that one script may answer with. */
const mostRecords = 2_000;
/** Waits before each new attempt to reach a server that went away, in milliseconds. */
const reconnectDelays = [500, 2_000, 8_000] as const;
/** Longest silence of a script that answers at once, in milliseconds. */
const quietLimit = 180_000;

/** How a script is called. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Longest silence in milliseconds before the connection counts as lost; scripts that take long say so. */
  readonly silenceLimit?: number;
}

/** One server as a run talks to it: scripts in, plain records out, a lost connection told apart from a failed script. */
export class ServerLink {
  readonly #server: ConnectServer;
  readonly #clock: Clock;
  readonly #onRecord: (record: StreamRecord) => void;

  constructor(server: ConnectServer, clock: Clock, onRecord: (record: StreamRecord) => void) {
    this.#server = server;
    this.#clock = clock;
    this.#onRecord = onRecord;
  }

  get name(): string {
    return this.#server.name;
  }

  /** The session in use, for reading a snapshot. */
  session(signal?: AbortSignal): Promise<PowerShellSession> {
    return this.#server.session(signal);
  }

  /** What another client finds the session in use by, once this one has left it; empty where it ends with the connection. */
  async sessionId(signal?: AbortSignal): Promise<string> {
    return (await this.#server.session(signal)).disconnection?.id ?? '';
  }

  /** Leaves the session on the server with what runs in it. False where sessions end with their connection. */
  async leave(): Promise<boolean> {
    const { disconnection } = await this.#server.session();
    await disconnection?.disconnect();
    return disconnection !== undefined;
  }

  /**
   * Waits for what runs in a session that another client left, so that nothing of it is at work any more when somebody goes on. True
   * where there was something. What its scripts answered is not read: the server's own state tells.
   */
  async drain(id: string, signal: AbortSignal): Promise<boolean> {
    const left = await this.#server.left?.(id, signal);
    if (left === undefined) return false;
    const stop = (): void => { for (const pipeline of left.pipelines) pipeline.stop().catch(() => undefined); };
    signal.addEventListener('abort', stop, { once: true });
    try {
      for (const pipeline of left.pipelines) {
        const result = pipeline.result.catch(() => undefined);
        try {
          for await (const record of pipeline) if (record.stream !== 'output') this.#onRecord(record);
        } catch {
          // Its end had been read by the client that left it.
        }
        await result;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      await left.session[Symbol.asyncDispose]();
    }
    return left.pipelines.length > 0;
  }

  /** A fresh runspace: ADSync's proxies in the old one fault after the service was started or stopped. */
  async renew(signal?: AbortSignal): Promise<void> {
    await this.#server.renew(signal);
  }

  /**
   * Runs a script that only reads, or whose repetition changes nothing; a lost connection is made anew and the script repeated.
   * Rejects with ScriptFailed, Cancelled, or the transport's error once every attempt failed.
   */
  async read(script: ServerScript, parameters: Readonly<Record<string, PSValue>> = {}, options: CallOptions = {}): Promise<readonly FlatRecord[]> {
    return this.reconnecting(() => this.act(script, parameters, options), options.signal);
  }

  /** Does something that may be repeated, over a new connection each time the old one is lost. */
  async reconnecting<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    for (const wait of reconnectDelays) {
      try {
        return await work();
      } catch (error) {
        if (!isConnectionLost(error) || signal?.aborted === true) throw error;
        this.#onRecord({ stream: 'warning', value: `${this.name}: the connection was lost; connecting again.` });
        await this.#clock.delay(wait, signal);
        try {
          await this.#server.renew(signal);
        } catch (again) {
          if (!isConnectionLost(again)) throw again;
        }
      }
    }
    return work();
  }

  /** Runs a script once, whatever happens. Rejects with ScriptFailed, Cancelled, or the transport's error. */
  async act(script: ServerScript, parameters: Readonly<Record<string, PSValue>> = {}, options: CallOptions = {}): Promise<readonly FlatRecord[]> {
    if (options.signal?.aborted === true) throw new Cancelled('Cancelled before the server was asked.');
    const session = await this.#server.session(options.signal);
    const pipeline = session.invoke(script.text, {
      parameters, name: script.name, silenceLimit: options.silenceLimit ?? quietLimit,
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    const records: FlatRecord[] = [];
    const result = pipeline.result.then((value) => ({ value }), (error: unknown) => ({ error }));
    try {
      for await (const record of pipeline) {
        if (record.stream !== 'output') this.#onRecord(record);
        else if (records.length < mostRecords) records.push(flatRecord(record.value));
      }
    } catch (error) {
      const ended = await result;
      throw 'error' in ended ? ended.error : error;
    }
    const ended = await result;
    if ('error' in ended) throw ended.error;
    if (ended.value.state === 'stopped') throw new Cancelled(`${script.name} was stopped.`);
    if (ended.value.state === 'failed') throw new ScriptFailed(this.name, script.name, ended.value.error);
    return records;
  }
}
