import { join } from 'node:path';
import type { ConnectServer, LeftSession } from '../../src/connect/server.ts';
import { createConnect, type ConnectOptions } from '../../src/remote/connect.ts';
import { createFileHostKeyPins } from '../../src/remote/ssh/pins.ts';
import { createFileCertificatePins } from '../../src/remote/wsman/pins.ts';
import type { PowerShellSession, ServerConnection } from '../../src/session.ts';
import type { PracticeServers } from '../practice-servers.ts';
import type { SimulatedServer } from '../server.ts';
import type { TryAuth, TryTransport } from './options.ts';
import { promptsOf, targetOf } from './target.ts';

/** A simulated server reached through the product's own transports: one connection, one runspace at a time. */
export class LabServer implements ConnectServer, AsyncDisposable {
  readonly name: string;
  readonly claims: ConnectServer['claims'];
  readonly #connect: (signal: AbortSignal) => Promise<ServerConnection>;
  #connection: Promise<ServerConnection> | undefined;
  #session: PowerShellSession | undefined;

  constructor(practice: PracticeServers, server: SimulatedServer, transport: TryTransport, auth: TryAuth, more: Partial<ConnectOptions> = {}) {
    this.name = server.name;
    this.claims = { computerName: server.scenario.content.computerName };
    const connect = createConnect({
      hostKeyPins: createFileHostKeyPins(join(practice.directory, 'pins')),
      certificatePins: createFileCertificatePins(join(practice.directory, 'certificate-pins')),
      knownHostsFiles: [practice.knownHostsFile],
      localPowerShell: server.powershell,
      ...more,
    });
    const target = targetOf(practice, server, transport, auth);
    const prompts = promptsOf(server);
    this.#connect = (signal) => connect(target, prompts, signal);
  }

  async session(signal?: AbortSignal): Promise<PowerShellSession> {
    if (this.#session?.alive === true) return this.#session;
    const connection = await this.#open(signal ?? new AbortController().signal);
    this.#session = await connection.openSession(signal);
    return this.#session;
  }

  async renew(signal?: AbortSignal): Promise<PowerShellSession> {
    const old = this.#session;
    this.#session = undefined;
    const [fresh] = await Promise.all([this.session(signal), old?.[Symbol.asyncDispose]()]);
    return fresh;
  }

  async left(id: string, signal?: AbortSignal): Promise<LeftSession | undefined> {
    const { disconnected } = await this.#open(signal ?? new AbortController().signal);
    if (disconnected === undefined || !(await disconnected.list(signal)).some((one) => one.id.toLowerCase() === id.toLowerCase())) return undefined;
    return await disconnected.connect(id, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session?.[Symbol.asyncDispose]();
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.[Symbol.asyncDispose]();
  }

  async #open(signal: AbortSignal): Promise<ServerConnection> {
    const open = await this.#connection?.catch(() => undefined);
    if (open?.alive === true) return open;
    this.#connection = this.#connect(signal);
    return await this.#connection;
  }
}
