import type { ClientChannel } from 'ssh2';
import { RemoteError } from '../error.ts';
import { openOverChannel } from '../outofproc/open.ts';
import type { PowerShellSession, RemoteFailure, ServerConnection } from '../../session.ts';
import { SshChannel } from './channel.ts';
import { cancelled } from './failures.ts';
import type { Link } from './link.ts';
import { openLink, type LinkOptions } from './open.ts';

/**
 * How Windows PowerShell is started. `cmd /c` is for servers whose default shell does not pass the first one on as it
 * is. Never a PTY: it would echo and fold lines.
 */
export const startCommands = [
  'powershell.exe -NoLogo -NoProfile -s',
  'cmd /c powershell.exe -NoLogo -NoProfile -s',
] as const;

/** Which start command worked, by server; kept as long as the client runs. */
export type WorkingCommands = Map<string, string>;

/** How long a channel may take to end by itself, in milliseconds. */
const grace = 2000;

/** Connects to a server; rejects with exactly one RemoteError. `working` remembers what worked for the next connection. */
export async function openSsh(options: LinkOptions, working: WorkingCommands, allowAnyPowerShell: boolean): Promise<SshConnection> {
  return new SshConnection(await openLink(options), working, allowAnyPowerShell);
}

/** Sessions over one SSH connection. */
export class SshConnection implements ServerConnection {
  readonly server: string;
  readonly closed: Promise<RemoteFailure | undefined>;
  readonly #link: Link;
  readonly #working: WorkingCommands;
  readonly #allowAnyPowerShell: boolean;

  constructor(link: Link, working: WorkingCommands, allowAnyPowerShell: boolean) {
    this.server = link.server;
    this.#link = link;
    this.#working = working;
    this.#allowAnyPowerShell = allowAnyPowerShell;
    this.closed = link.closed.then((failure) => failure?.failure);
  }

  get alive(): boolean {
    return this.#link.alive;
  }

  /** Opens a further session. Rejects with one RemoteError, which tells every start command that was tried. */
  async openSession(signal?: AbortSignal): Promise<PowerShellSession> {
    const remembered = this.#working.get(this.server);
    const commands = [...startCommands].sort((one, other) => Number(other === remembered) - Number(one === remembered));
    const failures: { command: string; error: RemoteError }[] = [];
    for (const command of commands) {
      const tried = await this.#try(command, signal);
      if (tried.session !== undefined) {
        this.#working.set(this.server, command);
        return tried.session;
      }
      failures.push({ command, error: tried.error });
      if (tried.final) break;
    }
    throw combined(this.server, failures);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link.end();
  }

  /** `final`: another start command would not help. */
  async #try(command: string, signal: AbortSignal | undefined): Promise<{ session: PowerShellSession } | { session: undefined; error: RemoteError; final: boolean }> {
    const link = this.#link;
    let channel: SshChannel | undefined;
    try {
      channel = new SshChannel(await execute(link, command, signal), link);
      const options = { server: link.server, transport: 'SSH', encryption: link.encryption, allowAnyPowerShell: this.#allowAnyPowerShell };
      return { session: await openOverChannel(channel, signal === undefined ? options : { ...options, signal }) };
    } catch (error) {
      await channel?.close(grace);
      const failure = link.failure();
      if (failure !== undefined) return { session: undefined, error: failure, final: true };
      if (!(error instanceof RemoteError)) throw error;
      return { session: undefined, error, final: channel?.spoke === true || !link.alive || signal?.aborted === true };
    }
  }
}

/** Runs a command in a new channel. Rejects with a RemoteError: refused, no answer, cancelled, connection lost. */
function execute(link: Link, command: string, signal: AbortSignal | undefined): Promise<ClientChannel> {
  const { server, limits } = link;
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const give = (error: Error): void => {
      settle();
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const timer = setTimeout(() => {
      give(new RemoteError({ reason: 'silent-peer', server, message: `The server did not answer the request to run \`${command}\` (waited ${limits.channel / 1000} s).`, remedy: 'Connect again.' }));
    }, limits.channel);
    void link.closed.then((failure) => { give(failure ?? closed(server)); });
    if (!link.alive) return;
    if (signal?.aborted === true) {
      abort();
      return;
    }
    signal?.addEventListener('abort', abort, { once: true });
    try {
      link.client.exec(command, { pty: false }, (error, stream) => {
        if (error !== undefined) {
          give(link.failure() ?? refused(server, command, error));
        } else if (settled) {
          // Nobody waits any more: the process must not stay behind.
          stream.close();
        } else {
          settle();
          resolve(stream);
        }
      });
    } catch (error) {
      give(link.failure() ?? refused(server, command, error));
    }
  });
}

function refused(server: string, command: string, cause: unknown): RemoteError {
  return new RemoteError({
    reason: 'not-windows-powershell', server,
    message: `The server refused to run \`${command}\`.`,
    remedy: 'Check that the account may run commands over SSH (no forced internal-sftp), and that its sessions are not used up (MaxSessions).',
    quoted: cause instanceof Error ? cause.message : String(cause),
  }, { cause });
}

function closed(server: string): RemoteError {
  return new RemoteError({ reason: 'closed', server, message: 'The SSH connection is closed.', remedy: 'Connect again.' });
}

function combined(server: string, failures: readonly { command: string; error: RemoteError }[]): RemoteError {
  const [first, second] = failures;
  if (first === undefined) return closed(server);
  if (second === undefined) return first.error;
  const told = failures.map(({ command, error }) => `\`${command}\`: ${error.failure.message}`).join(' ');
  return new RemoteError({ ...second.error.failure, server, message: `Windows PowerShell could not be started in either way. ${told}` }, { cause: second.error });
}
