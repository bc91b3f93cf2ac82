import { diagnose } from '../connect/diagnosis.ts';
import type { Finding } from '../connect/finding.ts';
import type { ConnectServer, LeftSession } from '../connect/server.ts';
import type { Snapshot } from '../connect/snapshot.ts';
import { takeSnapshot } from '../connect/take-snapshot.ts';
import { toSessionTarget, type Target } from '../inventory/target.ts';
import type { PowerShellSession, ServerConnection } from '../session.ts';
import { CliConnectPrompts } from './connect-prompts.ts';
import type { CliPorts } from './io.ts';
import type { Secrets } from './secrets.ts';

/** One server of the servers file, connected on demand and again after a loss: one connection, one runspace at a time. */
export class ReachedServer implements ConnectServer, AsyncDisposable {
  readonly name: string;
  readonly claims: ConnectServer['claims'];
  readonly #target: Target;
  readonly #ports: CliPorts;
  readonly #secrets: Secrets;
  #connection: Promise<ServerConnection> | undefined;
  #session: PowerShellSession | undefined;

  constructor(target: Target, ports: CliPorts, secrets: Secrets) {
    this.name = target.name;
    this.claims = { computerName: target.computerName, serviceAccount: target.serviceAccount, role: target.role };
    this.#target = target;
    this.#ports = ports;
    this.#secrets = secrets;
  }

  async session(signal: AbortSignal = new AbortController().signal): Promise<PowerShellSession> {
    if (this.#session?.alive === true) return this.#session;
    this.#session = await (await this.#open(signal)).openSession(signal);
    return this.#session;
  }

  async renew(signal?: AbortSignal): Promise<PowerShellSession> {
    const old = this.#session;
    this.#session = undefined;
    await quietly(old);
    return await this.session(signal);
  }

  /** Takes up a session that another client left on the server; undefined where there is none, or sessions do not outlive connections. */
  async left(id: string, signal: AbortSignal = new AbortController().signal): Promise<LeftSession | undefined> {
    const { disconnected } = await this.#open(signal);
    if (disconnected === undefined || !(await disconnected.list(signal)).some((one) => one.id.toLowerCase() === id.toLowerCase())) return undefined;
    return await disconnected.connect(id, signal);
  }

  /** Reads a snapshot and draws the conclusions. Rejects where the server cannot be reached, or with the signal's reason. */
  async diagnose(signal: AbortSignal): Promise<{ snapshot: Snapshot; findings: readonly Finding[] }> {
    const snapshot = await takeSnapshot(await this.session(signal), { signal, now: () => this.#ports.clock.now() });
    return { snapshot, findings: diagnose(snapshot, { claims: this.claims }) };
  }

  /** Closes the connection, whatever goes on over it. */
  async drop(): Promise<void> {
    const [session, opening] = [this.#session, this.#connection];
    this.#session = undefined;
    this.#connection = undefined;
    await quietly(session);
    await quietly(await opening?.catch(() => undefined));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drop();
  }

  async #open(signal: AbortSignal): Promise<ServerConnection> {
    const open = await this.#connection?.catch(() => undefined);
    if (open?.alive === true) return open;
    const connect = await this.#ports.connect();
    this.#connection = connect(toSessionTarget(this.#target), new CliConnectPrompts(this.name, this.#ports.io, this.#secrets, signal), signal);
    return await this.#connection;
  }
}

/** Closes something that may be broken already. */
async function quietly(closing: AsyncDisposable | undefined): Promise<void> {
  try {
    await closing?.[Symbol.asyncDispose]();
  } catch {
    // What is given up has nothing more to say.
  }
}
