import { createAuthContext } from '../auth/create.ts';
import { RemoteError } from '../error.ts';
import { openSession } from '../pool.ts';
import { portOf } from '../port.ts';
import type { RunspaceSession } from '../runspace.ts';
import type { ConnectPrompts, DisconnectedSessions, PowerShellSession, RemoteFailure, SecureString, ServerConnection, SessionTarget, WinRmTarget } from '../../session.ts';
import { answerOf } from '../asking.ts';
import { ChannelBank, ShellChannels } from './channels.ts';
import { readTargetFiles } from './credentials.ts';
import type { Endpoint } from './failures.ts';
import { cancelled } from './failures.ts';
import { mayOpenAgain, WsmanFaultError } from './fault.ts';
import type { WinRmLimits } from './limits.ts';
import { winRmLimits } from './limits.ts';
import type { ChannelSource } from './open-channel.ts';
import { openChannel } from './open-channel.ts';
import type { CertificatePins } from './pins.ts';
import { Requests } from './requests.ts';
import { ShellList } from './shell-list.ts';
import { ShellTransport } from './shell.ts';

/** How a server is reached over WinRM. */
export interface WinRmOptions {
  readonly target: SessionTarget;
  /** As errors name the server. */
  readonly server: string;
  readonly prompts: ConnectPrompts;
  /** Cancels connecting, nothing later. */
  readonly signal: AbortSignal;
  readonly pins: CertificatePins;
  /** The HTTP proxy for a host, `http://host:port`; undefined: none. Asked for https only. */
  readonly proxy?: ((host: string, port: number) => string | undefined) | undefined;
  readonly allowAnyPowerShell?: boolean;
  /** Makes the authentication of one connection, for tests. Default createAuthContext. */
  readonly authenticate?: typeof createAuthContext;
  readonly limits?: Partial<WinRmLimits>;
}

/** How often a password is asked, as over SSH: more could lock the account. */
const mostPasswords = 3;
/** All of opening a shell, in milliseconds: the first one of a user on a server makes the profile. */
const openTimeout = 90_000;

/**
 * Reaches a server over WinRM, authenticates, and opens the first session: that is how a password is proved without a
 * request of its own. Rejects with exactly one RemoteError; by then nothing of the attempt is left open.
 */
export async function openWinRm(options: WinRmOptions): Promise<ServerConnection> {
  const { target, server, prompts, signal } = options;
  const winrm = target.winrm;
  if (winrm === undefined) throw new RemoteError({ reason: 'unsupported', server, message: 'The entry does not say how to use WinRM.', remedy: 'Add scheme and auth to the entry.' });
  if (winrm.auth === 'certificate' && winrm.scheme !== 'https') {
    throw new RemoteError({ reason: 'unsupported', server, message: 'A client certificate needs https.', remedy: 'Set scheme: https for this server.' });
  }
  refuseAborted(signal, server);
  const files = await readTargetFiles(server, target);
  const { user } = target;
  const needsPassword = winrm.auth !== 'certificate' && user !== undefined;
  for (let attempt = 1; ; attempt++) {
    if (needsPassword) refuseBefore(winrm, server);
    // Asked once, when the server has been reached and its certificate trusted.
    let asked: Promise<SecureString> | undefined;
    const password = needsPassword
      ? () => asked ??= answerOf(server, 'password', () => prompts.password({ server, user, retry: attempt > 1 }))
      : () => Promise.resolve(undefined);
    const connection = new WinRmConnection(options, winrm, files, password);
    try {
      await connection.openFirst();
      return connection;
    } catch (error) {
      await connection[Symbol.asyncDispose]();
      refuseAborted(signal, server);
      const refused = error instanceof RemoteError && !(error instanceof WsmanFaultError) && error.failure.reason === 'authentication-failed';
      if (!refused || !needsPassword) throw error;
      if (attempt === mostPasswords) {
        throw new RemoteError({ ...error.failure, message: `The password of ${user} was refused ${mostPasswords} times. ${error.failure.message}`, remedy: `${error.failure.remedy} More attempts could lock the account.` }, { cause: error });
      }
    }
  }
}

/** Sessions on one server over WinRM. Each has its own shell; authenticated connections are handed from one to the next. */
class WinRmConnection implements ServerConnection {
  readonly server: string;
  readonly closed: Promise<RemoteFailure | undefined>;
  readonly disconnected: DisconnectedSessions = {
    list: () => this.#list().list(),
    connect: (id, signal) => this.#connect(id, signal),
  };
  readonly #options: WinRmOptions;
  readonly #endpoint: Endpoint;
  readonly #limits: WinRmLimits;
  readonly #bank: ChannelBank;
  readonly #sessions = new Set<PowerShellSession>();
  /** Shells whose end the server may not have been told of yet. */
  readonly #shells = new Set<ShellTransport>();
  #asking = true;
  #first: PowerShellSession | undefined;
  #alive = true;
  #end: () => void = () => undefined;

  constructor(options: WinRmOptions, winrm: WinRmTarget, files: Awaited<ReturnType<typeof readTargetFiles>>, password: () => Promise<SecureString | undefined>) {
    const { target, server } = options;
    this.server = server;
    this.#options = options;
    this.#limits = { ...winRmLimits, ...options.limits };
    this.closed = new Promise((resolve) => { this.#end = () => { resolve(undefined); }; });
    const { scheme, auth } = winrm;
    const endpoint: Endpoint = { scheme, host: target.host, port: portOf(target) };
    this.#endpoint = endpoint;
    const source: ChannelSource = {
      server, endpoint, limits: this.#limits,
      proxy: scheme === 'https' ? options.proxy?.(endpoint.host, endpoint.port) : undefined,
      tls: { ca: files.ca, caFile: winrm.caFile, certificate: files.certificate, key: files.key, pins: options.pins },
      authenticate: async (channelBinding) => (options.authenticate ?? createAuthContext)({ auth, scheme, host: endpoint.host, user: target.user, password: await password(), channelBinding }),
    };
    this.#bank = new ChannelBank(() => openChannel(source, this.#ask(), this.#asking ? options.signal : undefined), this.#limits.idle);
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Opens the session that the first `openSession` gets. */
  async openFirst(): Promise<void> {
    // Before any limit on opening runs: a person may have to look at a certificate.
    this.#bank.give(await this.#bank.take());
    this.#asking = false;
    this.#first = await this.#open(this.#options.signal);
  }

  async openSession(signal?: AbortSignal): Promise<PowerShellSession> {
    if (!this.#alive) throw this.#closedError();
    const first = this.#first;
    this.#first = undefined;
    if (first?.alive === true) return first;
    return await this.#open(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#alive = false;
    this.#first = undefined;
    await Promise.all([...this.#sessions].map((session) => session[Symbol.asyncDispose]()));
    await Promise.all([...this.#shells].map((shell) => shell.left()));
    this.#bank.close();
    this.#end();
  }

  async #open(signal: AbortSignal | undefined): Promise<PowerShellSession> {
    try {
      return await this.#openOnce(signal);
    } catch (error) {
      // Nothing has run in it yet: a new shell is a new attempt, not a repetition.
      if (!(error instanceof WsmanFaultError) || !mayOpenAgain(error.fault.code)) throw error;
      return await this.#openOnce(signal);
    }
  }

  async #connect(id: string, signal: AbortSignal | undefined): Promise<Awaited<ReturnType<DisconnectedSessions['connect']>>> {
    if (!this.#alive) throw this.#closedError();
    const session = await this.#openOnce(signal, id);
    const commands = await this.#list().commands(id);
    return { session, pipelines: commands.map((command) => session.adopt(command)) };
  }

  #list(): ShellList {
    return new ShellList(this.#url(), new Requests(this.server, new ShellChannels(this.#bank), this.#limits));
  }

  #url(): string {
    const { scheme, host, port } = this.#endpoint;
    return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}/wsman`;
  }

  /** @param left the id of a session that was left on the server; undefined: a new one */
  async #openOnce(signal: AbortSignal | undefined, left?: string): Promise<RunspaceSession> {
    const requests = new Requests(this.server, new ShellChannels(this.#bank), this.#limits);
    const transport = new ShellTransport({ url: this.#url(), requests, limits: this.#limits, left: left !== undefined });
    this.#shells.add(transport);
    void transport.ended.then(() => transport.left()).then(() => { this.#shells.delete(transport); });
    const options = {
      server: this.server, transport: this.#endpoint.scheme === 'https' ? 'WinRM over HTTPS' : 'WinRM over HTTP', encryption: undefined,
      openTimeout, allowAnyPowerShell: this.#options.allowAnyPowerShell === true,
    };
    const session = await openSession(transport, { ...options, ...signal === undefined ? {} : { signal }, ...left === undefined ? {} : { left } });
    // Disposed while this one was opening: nothing may outlive the connection.
    if (!this.alive) {
      await session[Symbol.asyncDispose]();
      throw this.#closedError();
    }
    this.#sessions.add(session);
    void session.closed.then(() => { this.#sessions.delete(session); });
    return session;
  }

  /** A person can be asked while the connection is being opened; later connections only take what was trusted then. */
  #ask(): Parameters<typeof openChannel>[1] {
    if (!this.#asking) return undefined;
    const { prompts } = this.#options;
    return (question) => answerOf(this.server, 'answer about the certificate', () => prompts.trustCertificate(question));
  }

  #closedError(): RemoteError {
    return new RemoteError({ reason: 'closed', server: this.server, message: 'The WinRM connection is closed.', remedy: 'Connect again.' });
  }
}

function refuseAborted(signal: AbortSignal, server: string): void {
  if (signal.aborted) throw cancelled(server);
}

/** Nobody is asked for a password that could not be used. */
function refuseBefore(winrm: WinRmTarget, server: string): void {
  if (winrm.auth !== 'basic' || winrm.scheme === 'https') return;
  throw new RemoteError({
    reason: 'unsupported', server,
    message: 'Basic authentication is refused over http: it would send the password in the clear.',
    remedy: 'Set scheme: https for this server, or auth: negotiate.',
  });
}
