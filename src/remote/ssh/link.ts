import type { Socket } from 'node:net';
import type { AuthenticationType, Client, ConnectConfig } from 'ssh2';
import { RemoteError } from '../error.ts';
import { portOf } from '../port.ts';
import { openTcp } from '../tcp.ts';
import type { ConnectPrompts, SessionTarget } from '../../session.ts';
import { Authenticator } from './authenticate.ts';
import { cancelled, failedAt, silent, unreachable, type Stage } from './failures.ts';
import { algorithmsOf, fingerprint, keyType, sameKey } from './host-key.ts';
import { readHostTrust, type HostTrust } from './host-trust.ts';
import type { ConnectLimits } from './limits.ts';
import type { HostKeyPins } from './pins.ts';
import { readKeyFile, unlockKey } from './private-key.ts';
import { startDeadline } from './prompting.ts';
import { answerOf } from '../asking.ts';

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

export interface LinkOptions {
  readonly target: SessionTarget;
  /** As errors name the server. */
  readonly server: string;
  readonly prompts: ConnectPrompts;
  readonly signal: AbortSignal;
  readonly pins: HostKeyPins;
  readonly knownHostsFiles: readonly string[];
  readonly limits: ConnectLimits;
}

/** Longest start of the conversation that is kept for error messages, in bytes. */
const keptStart = 512;
/** How long the peer may take to close its side, in milliseconds. */
const goodbye = 1000;

/**
 * Reaches the server, verifies its host key, authenticates. Rejects with exactly one RemoteError; by then nothing of
 * the attempt is left open.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { target, server, signal, limits } = options;
  if (signal.aborted) throw cancelled(server);
  const { user } = target;
  if (user === undefined) throw new RemoteError({ reason: 'unsupported', server, message: 'No user is given for the SSH connection.', remedy: 'Add `user:` to the entry, or to the defaults of its group.' });
  const port = portOf(target);
  const trust = await readHostTrust({ server, host: target.host, port, knownHostsFiles: options.knownHostsFiles, pins: options.pins });
  const keyBytes = target.identityFile === undefined ? undefined : await readKeyFile(server, target.identityFile);
  // Only here: the extension starts without ssh2.
  const { Client: SshClient, utils } = (await import('ssh2')).default;
  const socket = await openTcp({ host: target.host, port, milliseconds: limits.tcp, signal }, {
    cancelled: () => cancelled(server),
    unreachable: (error) => unreachable(server, error),
    tooSlow: () => silent(server, 'tcp', limits.tcp, ''),
  });
  const attempt = new Attempt(options, new SshClient(), socket, trust);
  return await attempt.run(user, keyBytes, (data, passphrase) => utils.parseKey(data, passphrase));
}

class Attempt implements Link {
  readonly server: string;
  readonly client: Client;
  readonly limits: ConnectLimits;
  encryption = '';
  alive = true;
  readonly closed: Promise<RemoteError | undefined>;
  readonly #options: LinkOptions;
  readonly #socket: Socket;
  readonly #trust: HostTrust;
  readonly #checks = new Set<() => RemoteError | undefined>();
  #stage: Stage = 'banner';
  #start = Buffer.alloc(0);
  #failure: RemoteError | undefined;
  #ending = false;
  #gone: (failure: RemoteError | undefined) => void = () => undefined;
  #accepted: Uint8Array | undefined;
  #toPin: Uint8Array | undefined;

  constructor(options: LinkOptions, client: Client, socket: Socket, trust: HostTrust) {
    this.#options = options;
    this.server = options.server;
    this.limits = options.limits;
    this.client = client;
    this.#socket = socket;
    this.#trust = trust;
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
  }

  /** Connects over the open socket. */
  async run(user: string, keyBytes: Buffer | undefined, parse: Parameters<typeof unlockKey>[0]['parse']): Promise<Link> {
    const { server, limits } = this;
    const { target, prompts, signal } = this.#options;
    const deadline = startDeadline(limits.handshake, () => { this.#fail(silent(server, this.#stage, limits.handshake, this.#start.toString('latin1'))); });
    const askPaused: ConnectPrompts = {
      trustHostKey: (question) => deadline.pausedFor(() => prompts.trustHostKey(question)),
      trustCertificate: (question) => deadline.pausedFor(() => prompts.trustCertificate(question)),
      password: (question) => deadline.pausedFor(() => prompts.password(question)),
      passphrase: (question) => deadline.pausedFor(() => prompts.passphrase(question)),
    };
    const file = target.identityFile;
    const authenticator = new Authenticator({
      server, user, keyFile: file, prompts: askPaused,
      key: keyBytes === undefined || file === undefined ? undefined : () => unlockKey({ server, file, bytes: keyBytes, prompts: askPaused, parse }),
      fail: (error) => { this.#fail(error); },
    });
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
    client.on('error', (error) => { this.#fail(failedAt(this.server, this.#stage, error, this.#start.toString('latin1'), this.limits)); });
    client.on('close', () => { this.#fail(undefined); });
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
    this.#socket.on('data', (bytes) => { this.#arrived(bytes); });
    return ready;
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
      const question = { server: this.server, algorithm: keyType(key) ?? 'unknown', fingerprint: fingerprint(key) };
      if (!await answerOf(this.server, 'answer about the host key', () => prompts.trustHostKey(question))) {
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
    const { target, pins } = this.#options;
    try {
      await pins.add({ host: target.host, port: portOf(target), key });
    } catch (error) {
      throw new RemoteError({ reason: 'host-key-unknown', server: this.server, message: `The trusted host key could not be recorded (${error instanceof Error ? error.message : String(error)}).`, remedy: 'Make the folder of the extension\'s storage writable, then connect again.' }, { cause: error });
    }
  }

  /** The first cause wins; everything after it is its consequence. */
  #fail(error: unknown): void {
    if (!this.alive) return;
    this.alive = false;
    if (!this.#ending) {
      this.#failure = error instanceof RemoteError ? error : failedAt(this.server, this.#stage, error instanceof Error ? error : undefined, this.#start.toString('latin1'), this.limits);
    }
    this.#checks.clear();
    this.#socket.destroy();
    this.#gone(this.#failure);
  }
}
