import { RemoteError } from './error.ts';
import { startProcess } from './local/process.ts';
import { openOverChannel } from './outofproc/open.ts';
import type { PowerShellSession, RemoteFailure, ServerConnection, SessionProgram } from '../session.ts';

/** Sessions on this machine, each in a PowerShell process of its own. */
export class LocalConnection implements ServerConnection {
  readonly server: string;
  readonly closed: Promise<RemoteFailure | undefined>;
  readonly #program: SessionProgram;
  readonly #allowAnyPowerShell: boolean;
  readonly #sessions = new Set<PowerShellSession>();
  #alive = true;
  #end: () => void = () => undefined;

  constructor(server: string, program: SessionProgram, allowAnyPowerShell: boolean) {
    this.server = server;
    this.#program = program;
    this.#allowAnyPowerShell = allowAnyPowerShell;
    this.closed = new Promise((resolve) => { this.#end = () => { resolve(undefined); }; });
  }

  get alive(): boolean {
    return this.#alive;
  }

  async openSession(signal?: AbortSignal): Promise<PowerShellSession> {
    if (!this.#alive) throw this.#closedError();
    const channel = startProcess(this.#program);
    const options = { server: this.server, transport: 'local process', encryption: undefined, allowAnyPowerShell: this.#allowAnyPowerShell };
    const session = await openOverChannel(channel, signal === undefined ? options : { ...options, signal });
    // Disposed while this one was opening: nothing may outlive the connection.
    if (!this.alive) {
      await session[Symbol.asyncDispose]();
      throw this.#closedError();
    }
    this.#sessions.add(session);
    void session.closed.then(() => { this.#sessions.delete(session); });
    return session;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#alive = false;
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
    this.#end();
  }

  #closedError(): RemoteError {
    return new RemoteError({ reason: 'closed', server: this.server, message: 'The local connection is closed.', remedy: 'Connect again.' });
  }
}
