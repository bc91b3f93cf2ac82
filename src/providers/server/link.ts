import type { PowerShellSession, RemoteFailure, ServerConnection } from '../../session.ts';
import { answers, countedSession, type CountedSession } from './countedSession.ts';
import { problemOf } from './problem.ts';
import type { LeftSession } from '../../connect/server.ts';
import type { ConnectionState, Problem } from './state.ts';

/** How long a session may take to say that it is still there, in milliseconds. */
const probeLimit = 8000;

/** What a link needs: a way to open connections and somebody who hears how it stands. */
export interface LinkOptions {
  open(signal: AbortSignal): Promise<ServerConnection>;
  changed(state: ConnectionState): void;
}

/**
 * One server's connection and the session in use over it. Opens on demand and again after a loss, one attempt at a time;
 * everybody who asks meanwhile shares it.
 */
export class ServerLink {
  readonly #options: LinkOptions;
  #connection: ServerConnection | undefined;
  #session: CountedSession | undefined;
  #attempt: { readonly controller: AbortController; readonly session: Promise<PowerShellSession> } | undefined;
  #wasConnected = false;
  #lost = false;
  #suspect = false;

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  /** The session in use, or a new one. The signal cancels the attempt. Rejects with a RemoteError. */
  async session(signal?: AbortSignal): Promise<PowerShellSession> {
    if (this.#session?.alive === true && !(this.#suspect && await this.#isDead(this.#session))) return this.#session;
    this.#attempt ??= this.#begin();
    const attempt = this.#attempt;
    const cancel = (): void => { attempt.controller.abort(); };
    if (signal?.aborted === true) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      return await attempt.session;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** This machine was asleep: the session in use is asked whether it is still there before it is used again. */
  suspect(): void {
    this.#suspect = this.#session !== undefined;
  }

  /** Closes the runspace in use and opens a fresh one. */
  async renew(signal?: AbortSignal): Promise<PowerShellSession> {
    const old = this.#session;
    this.#session = undefined;
    if (old !== undefined) await quietly(old[Symbol.asyncDispose]());
    return await this.session(signal);
  }

  /** Takes up a session that another client left on the server; undefined where there is none, or sessions do not outlive connections. */
  async left(id: string, signal?: AbortSignal): Promise<LeftSession | undefined> {
    await this.session(signal);
    const sessions = this.#connection?.disconnected;
    if (sessions === undefined || !(await sessions.list(signal)).some((one) => one.id.toLowerCase() === id.toLowerCase())) return undefined;
    return await sessions.connect(id, signal);
  }

  /** One more session over the same connection, for what is read beside everything else. Whoever asks disposes of it; the link's own is not touched. */
  async extra(signal?: AbortSignal): Promise<PowerShellSession> {
    await this.session(signal);
    const connection = this.#connection;
    if (connection === undefined) throw new DOMException('The connection was closed meanwhile.', 'AbortError');
    return await connection.openSession(signal);
  }

  /** Cancels the attempt under way, if there is one. */
  cancel(): void {
    this.#attempt?.controller.abort();
  }

  /** Closes everything; the link can be used again. */
  async close(): Promise<void> {
    this.cancel();
    const [session, connection] = [this.#session, this.#connection];
    this.#session = undefined;
    this.#connection = undefined;
    this.#wasConnected = false;
    this.#options.changed({ kind: 'disconnected' });
    if (session !== undefined) await quietly(session[Symbol.asyncDispose]());
    if (connection !== undefined) await quietly(connection[Symbol.asyncDispose]());
  }

  /** True where a session did not answer any more: it is then given up as one that ended while idle. */
  async #isDead(session: CountedSession): Promise<boolean> {
    this.#suspect = false;
    // What runs in it shows by itself whether it still runs.
    if (session.running > 0 || await answers(session, probeLimit)) return false;
    if (this.#session !== session) return true;
    const connection = this.#connection;
    this.#session = undefined;
    this.#connection = undefined;
    this.#options.changed({ kind: 'disconnected', idle: { message: 'The connection did not outlast the time that this machine was asleep.', remedy: 'It is made again at the next use.' } });
    void quietly(session[Symbol.asyncDispose]());
    if (connection !== undefined) void quietly(connection[Symbol.asyncDispose]());
    return true;
  }

  #begin(): { controller: AbortController; session: Promise<PowerShellSession> } {
    const controller = new AbortController();
    // A fresh runspace over a connection that stands is no news.
    if (this.#connection?.alive !== true) this.#options.changed({ kind: 'connecting', again: this.#wasConnected });
    const session = this.#open(controller.signal);
    return { controller, session };
  }

  async #open(signal: AbortSignal): Promise<PowerShellSession> {
    const standing = this.#connection?.alive === true ? this.#connection : undefined;
    let connection = standing;
    try {
      connection ??= await this.#openConnection(signal);
      const session = countedSession(await connection.openSession(signal));
      this.#session = session;
      this.#attempt = undefined;
      if (standing === undefined || this.#lost) this.#options.changed({ kind: 'connected', peer: session.peer });
      this.#wasConnected = true;
      this.#lost = false;
      this.#watchSession(session);
      return session;
    } catch (error) {
      this.#attempt = undefined;
      this.#connection = undefined;
      if (connection !== undefined) await quietly(connection[Symbol.asyncDispose]());
      this.#options.changed(signal.aborted ? { kind: 'disconnected' } : { kind: 'failed', problem: problemOf(error) });
      throw error;
    }
  }

  async #openConnection(signal: AbortSignal): Promise<ServerConnection> {
    const connection = await this.#options.open(signal);
    if (signal.aborted) {
      await quietly(connection[Symbol.asyncDispose]());
      throw new DOMException('The connection was cancelled.', 'AbortError');
    }
    this.#connection = connection;
    this.#watch(connection);
    return connection;
  }

  #watch(connection: ServerConnection): void {
    void connection.closed.then((failure) => {
      if (this.#connection !== connection) return;
      this.#connection = undefined;
      const session = this.#session;
      this.#session = undefined;
      // The session's own end may have been told already.
      if (session !== undefined && this.#attempt === undefined) this.#options.changed(ended(failure, session.running > 0));
    });
  }

  #watchSession(session: CountedSession): void {
    void session.closed.then((failure) => {
      if (this.#session !== session) return;
      this.#session = undefined;
      this.#lost = true;
      this.#options.changed(ended(failure, session.running > 0));
    });
  }
}

/** A connection that ends while nothing runs is no error: it is made again at the next use. */
function ended(failure: RemoteFailure | undefined, running: boolean): ConnectionState {
  if (failure === undefined) return { kind: 'disconnected' };
  const problem: Problem = { message: failure.message, remedy: failure.remedy };
  return running ? { kind: 'lost', problem } : { kind: 'disconnected', idle: problem };
}

/** Closing what is already gone is no news. */
async function quietly(closing: PromiseLike<unknown>): Promise<void> {
  try {
    await closing;
  } catch {
    // The other end went first: there is nothing left to close.
  }
}
