import type { Duplex } from 'node:stream';
import type { AuthenticationType, Client, ConnectConfig } from 'ssh2';
import { RemoteError } from '../error.ts';
import type { ConnectPrompts } from '../../session.ts';
import { Authenticator } from './authenticate.ts';
import { cancelled, failedAt, lostHop, silent, type Stage } from './failures.ts';
import { algorithmsOf, fingerprint, keyType, sameKey } from './host-key.ts';
import { trustName, type HostTrust } from './host-trust.ts';
import type { Identity } from './identity.ts';
import { keyAttempts, type KeyLibrary } from './key-attempts.ts';
import type { ConnectLimits } from './limits.ts';
import type { HostKeyPins } from './pins.ts';
import { startDeadline } from './prompting.ts';
import { answerOf } from '../asking.ts';
import type { Hop } from './route.ts';
import type { SshSurroundings } from './surroundings.ts';

/** An authenticated SSH connection. */
export interface Link {
  readonly server: string;
  readonly client: Client;
  readonly limits: ConnectLimits;
  /** Key exchange, cipher and host key, for people. */
  readonly encryption: string;
  /** Why the connection was lost; undefined while it is open and after an orderly end. */
  failure(): RemoteError | undefined;
  readonly alive: boolean;
  /** Settles when the connection has gone. */
  readonly closed: Promise<RemoteError | undefined>;
  /** Calls `check` after every arrival of bytes; an error that it returns ends the connection. Returns the way to stop it. */
  watch(check: () => RemoteError | undefined): () => void;
  /** Says goodbye and waits for the connection to go. Never rejects. */
  end(): Promise<void>;
}

/** Everything that one hop needs, read before anything was connected to. */
export interface HopOptions {
  readonly hop: Hop;
  readonly user: string;
  readonly trust: HostTrust;
  readonly identities: readonly Identity[];
  readonly around: SshSurroundings | undefined;
  readonly library: KeyLibrary & { readonly Client: new () => Client };
  readonly prompts: ConnectPrompts;
  readonly signal: AbortSignal;
  readonly pins: HostKeyPins;
  readonly limits: ConnectLimits;
  /** The jump host that carries this connection; it ends with it. */
  readonly via: Link | undefined;
}

/** Longest start of the conversation that is kept for error messages, in bytes. */
const keptStart = 512;
/** How long the peer may take to close its side, in milliseconds. */
const goodbye = 1000;

/**
 * Verifies the host key of the server at the other end of the stream and authenticates. Rejects with exactly one RemoteError;
 * by then the stream is closed.
 */
export async function openHop(options: HopOptions, stream: Duplex): Promise<Link> {
  return await new Attempt(options, stream).run();
}

class Attempt implements Link {
  readonly server: string;
  readonly client: Client;
  readonly limits: ConnectLimits;
  encryption = '';
  alive = true;
  readonly closed: Promise<RemoteError | undefined>;
  readonly #options: HopOptions;
  readonly #socket: Duplex;
  readonly #trust: HostTrust;
  #authenticator: Authenticator | undefined;
  readonly #checks = new Set<() => RemoteError | undefined>();
  #stage: Stage = 'banner';
  #start = Buffer.alloc(0);
  #failure: RemoteError | undefined;
  #ending = false;
  #gone: (failure: RemoteError | undefined) => void = () => undefined;
  #accepted: Uint8Array | undefined;
  #toPin: Uint8Array | undefined;

  constructor(options: HopOptions, socket: Duplex) {
    this.#options = options;
    this.server = options.hop.server;
    this.limits = options.limits;
    this.client = new options.library.Client();
    this.#socket = socket;
    this.#trust = options.trust;
    this.closed = new Promise((resolve) => { this.#gone = resolve; });
  }

  failure(): RemoteError | undefined {
    return this.#failure;
  }

  watch(check: () => RemoteError | undefined): () => void {
    this.#checks.add(check);
    return () => { this.#checks.delete(check); };
  }

  async end(): Promise<void> {
    if (!this.alive) return;
    this.#ending = true;
    this.client.end();
    const timer = setTimeout(() => { this.#socket.destroy(); }, goodbye);
    await this.closed;
    clearTimeout(timer);
    await this.#options.via?.end();
  }

  /** Connects over the open stream. */
  async run(): Promise<Link> {
    const { server, limits } = this;
    const { hop, user, prompts, signal, identities, around, library } = this.#options;
    const deadline = startDeadline(limits.handshake, () => { this.#fail(silent(server, this.#stage, limits.handshake, this.#start.toString('latin1'))); });
    const askPaused: ConnectPrompts = {
      trustHostKey: (question) => deadline.pausedFor(() => prompts.trustHostKey(question)),
      trustCertificate: (question) => deadline.pausedFor(() => prompts.trustCertificate(question)),
      password: (question) => deadline.pausedFor(() => prompts.password(question)),
      passphrase: (question) => deadline.pausedFor(() => prompts.passphrase(question)),
      ...prompts.interactive === undefined ? {} : { interactive: (question) => deadline.pausedFor(() => prompts.interactive?.(question) ?? Promise.resolve(undefined)) },
      note: (line) => prompts.note?.(`${server}: ${line}`),
    };
    const fail = (error: unknown): void => { this.#fail(error); };
    const { identityFile: keyFile, auth } = hop;
    const authenticator = new Authenticator({
      server, asks: hop.asks, user, prompts: askPaused, fail,
      keyFile: auth === 'password' || auth === 'agent' ? undefined : keyFile,
      keysOnly: auth === 'key' || auth === 'agent' || (auth === undefined && keyFile !== undefined),
      methods: auth === undefined && keyFile === undefined ? hop.settings.methods : auth === 'password' ? ['keyboard-interactive', 'password'] : ['publickey', 'keyboard-interactive', 'password'],
      keys: () => keyAttempts(identities, { hop, around, library, prompts: askPaused, fail }),
    });
    this.#authenticator = authenticator;
    void this.#options.via?.closed.then(() => { this.#fail(undefined); });
    const abort = (): void => { this.#fail(cancelled(server)); };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    try {
      if (!this.alive) throw this.#failure ?? cancelled(server);
      await Promise.race([
        this.#connected({ authenticator, prompts: askPaused, user }),
        this.closed.then((failure) => { throw failure ?? cancelled(server); }),
      ]);
    } finally {
      deadline.clear();
      signal.removeEventListener('abort', abort);
    }
    this.#stage = 'open';
    return this;
  }

  #connected(how: { authenticator: Authenticator; prompts: ConnectPrompts; user: string }): Promise<void> {
    const { client } = this;
    const known = algorithmsOf(this.#trust.knownTypes);
    client.on('error', (error) => { this.#failed(error); });
    // Of a channel's end its connection's end is heard later, and that says why.
    client.on('close', () => { if (this.#options.via === undefined) this.#fail(undefined); else setImmediate(() => { this.#fail(undefined); }); });
    client.on('handshake', (negotiated) => {
      this.#stage = this.#stage === 'open' ? 'open' : 'authentication';
      this.encryption = `${negotiated.kex}, ${negotiated.cs.cipher}, host key ${negotiated.serverHostKey}`;
    });
    client.on('change password', () => {
      this.#fail(new RemoteError({ reason: 'authentication-failed', server: this.server, message: `The password of ${how.user} has expired: the server wants a new one.`, remedy: 'Change the password on the server or in Active Directory, then connect again.' }));
    });
    const ready = new Promise<void>((resolve) => { client.once('ready', () => { resolve(); }); });
    const config: ConnectConfig = {
      sock: this.#socket,
      username: how.user,
      // Our own deadline leaves out the time that a person takes.
      readyTimeout: 0,
      keepaliveInterval: this.limits.keepaliveInterval,
      keepaliveCountMax: this.limits.keepaliveCount,
      algorithms: {
        serverHostKey: { remove: ['ssh-rsa', ...known], prepend: known, append: [] },
        // Compressed input of a hostile peer would have no bounded size.
        compress: ['none'],
      },
      hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => { this.#verify(key, how.prompts).then(verify, (error: unknown) => { this.#fail(error); }); },
      authHandler: (offered: AuthenticationType[] | null, partial: boolean | null, next) => {
        this.#pinned()
          .then(() => how.authenticator.next(offered ?? undefined, partial === true))
          .then((method) => { if (this.alive) next(method); })
          .catch((error: unknown) => { this.#fail(error); });
      },
    };
    client.connect(config);
    this.#socket.on('data', (bytes: Buffer) => { this.#arrived(bytes); });
    return ready;
  }

  #failed(error: Error & { level?: string; code?: unknown }): void {
    if (error.level === 'agent') {
      this.#options.prompts.note?.(`${this.server}: the agent did not sign: ${error.message}`);
      return;
    }
    if (error instanceof RemoteError) this.#fail(error);
    else if (this.#stage === 'authentication' && typeof error.code === 'number' && this.#authenticator !== undefined && this.#authenticator.tried.length > 0) this.#fail(this.#authenticator.cutOff(error.message));
    else this.#fail(failedAt(this.server, this.#stage, error, this.#start.toString('latin1'), this.limits));
  }

  #arrived(bytes: Buffer): void {
    if (this.#stage === 'banner') {
      const from = this.#start.length;
      if (from < keptStart) this.#start = Buffer.concat([this.#start, bytes.subarray(0, keptStart - from)]);
      if (/^SSH-[^\n]*\n/m.test(this.#start.toString('latin1'))) this.#stage = 'key exchange';
    }
    for (const check of this.#checks) {
      const error = check();
      if (error !== undefined) this.#fail(error);
    }
  }

  /** Decides about the host key, at the first key exchange and at every later one. */
  async #verify(key: Buffer, prompts: ConnectPrompts): Promise<boolean> {
    if (this.#accepted !== undefined && sameKey(this.#accepted, key)) return true;
    const verdict = this.#accepted === undefined ? this.#trust.judge(key) : this.#exchanged(key);
    if (verdict instanceof RemoteError) throw verdict;
    // ssh2 reuses the buffer's memory after the exchange.
    const copy = Uint8Array.from(key);
    if (verdict === 'unknown') {
      const { hop } = this.#options;
      const { note } = this.#trust;
      const question = { server: hop.asks, algorithm: keyType(key) ?? 'unknown', fingerprint: fingerprint(key), ...note === undefined ? {} : { note } };
      if (hop.settings.unknownKeys === 'accept') prompts.note?.(`its new host key ${question.algorithm} ${question.fingerprint} is trusted: StrictHostKeyChecking accept-new`);
      else if (hop.settings.unknownKeys === 'refuse') {
        throw new RemoteError({
          reason: 'host-key-unknown', server: this.server,
          message: `The host key ${question.algorithm} ${question.fingerprint} is not known, and StrictHostKeyChecking yes refuses it.`,
          remedy: 'Compare it with the server\'s own and add it to known_hosts, or take StrictHostKeyChecking out of ~/.ssh/config to be asked.',
        });
      } else if (!await answerOf(this.server, 'answer about the host key', () => prompts.trustHostKey(question))) {
        throw new RemoteError({
          reason: 'host-key-unknown', server: this.server,
          message: `The host key ${question.algorithm} ${question.fingerprint} is not known and was not trusted.`,
          remedy: 'Compare it with the server\'s own (at its console: ssh-keygen -lf C:\\ProgramData\\ssh\\ssh_host_ed25519_key.pub), then connect again and trust it.',
        });
      }
      this.#toPin = copy;
    }
    this.#accepted = copy;
    return true;
  }

  #exchanged(key: Buffer): RemoteError {
    const before = this.#accepted === undefined ? '' : ` instead of ${fingerprint(this.#accepted)}`;
    return new RemoteError({ reason: 'host-key-changed', server: this.server, message: `The server presented another host key in the middle of the connection: ${fingerprint(key)}${before}.`, remedy: 'Do not go on: somebody may be between you and the server.' });
  }

  /** Pins a key that the person trusted, once the key exchange proved that the server holds it. */
  async #pinned(): Promise<void> {
    const key = this.#toPin;
    if (key === undefined) return;
    this.#toPin = undefined;
    const { hop: { settings }, pins } = this.#options;
    try {
      await pins.add({ ...trustName(settings.hostName, settings.port, settings.hostKeyAlias), key });
    } catch (error) {
      throw new RemoteError({ reason: 'host-key-unknown', server: this.server, message: `The trusted host key could not be recorded (${error instanceof Error ? error.message : String(error)}).`, remedy: 'Make the folder of the extension\'s storage writable, then connect again.' }, { cause: error });
    }
  }

  /** The first cause wins; everything after it is its consequence. */
  #fail(error: unknown): void {
    if (!this.alive) return;
    this.alive = false;
    const { via } = this.#options;
    const hopFailure = via?.alive === false ? via.failure() : undefined;
    if (!this.#ending) {
      this.#failure = hopFailure !== undefined ? lostHop(this.server, hopFailure) : error instanceof RemoteError ? error : failedAt(this.server, this.#stage, error instanceof Error ? error : undefined, this.#start.toString('latin1'), this.limits);
    }
    this.#checks.clear();
    this.#socket.destroy();
    this.#gone(this.#failure);
    void via?.end();
  }
}
