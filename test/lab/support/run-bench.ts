import { randomUUID } from 'node:crypto';
import type { MachineIdentity } from '../../../src/connect/machine-pin.ts';
import type { Confirmation, Person } from '../../../src/connect/person.ts';
import type { RunEvent } from '../../../src/connect/run-events.ts';
import { startRun, type Run, type RunOptions } from '../../../src/connect/run.ts';
import type { Clock, ConnectServer } from '../../../src/connect/server.ts';
import { startProcess } from '../../../src/remote/local/process.ts';
import { openOverChannel } from '../../../src/remote/outofproc/open.ts';
import type { PowerShellSession, SecureString } from '../../../src/session.ts';
import type { SimulatedServer } from './simulated-server.ts';

const clock: Clock = {
  now: () => Date.now(),
  delay: (milliseconds, signal) => new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason instanceof Error ? signal.reason : new Error('stopped'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  }),
};

/** One client of a simulated server, over the product's local transport; its connection can be cut at any moment. */
export class RunBench implements ConnectServer, AsyncDisposable {
  readonly name = 'simulated';
  readonly claims = {};
  readonly journal: string[] = [];
  readonly events: RunEvent[] = [];
  readonly confirmed: Confirmation[] = [];
  answers: Readonly<Record<string, string>> = { 'password-change-kind': 'reset', 'old-password-known': 'gone', 'retried-with-controller': 'failed-again' };
  onEvent: (event: RunEvent) => void = () => undefined;
  /** Once true, no new connection is to be had: the client is dead. */
  dead = false;
  readonly #simulated: SimulatedServer;
  readonly #pins = new Map<string, MachineIdentity>();
  #session: PowerShellSession | undefined;

  constructor(simulated: SimulatedServer) {
    this.#simulated = simulated;
  }

  async session(): Promise<PowerShellSession> {
    return this.#session?.alive === true ? this.#session : this.renew();
  }

  async renew(): Promise<PowerShellSession> {
    if (this.dead) throw new Error('This client is dead.');
    await this.cut();
    const channel = startProcess({ file: this.#simulated.powershell, args: ['-NoLogo', '-NoProfile', '-s'] });
    this.#session = await openOverChannel(channel, { server: this.name, transport: 'local process', encryption: undefined, openTimeout: 60_000 });
    return this.#session;
  }

  /** Ends the connection and whatever ran in it. */
  async cut(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    await session?.[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cut();
  }

  start(work: RunOptions['work']): Run {
    return startRun({
      server: this, clock, work, id: randomUUID(), person: this.#person(),
      pins: { get: (name) => Promise.resolve(this.#pins.get(name)), set: (name, identity) => Promise.resolve(void this.#pins.set(name, identity)) },
      holder: { who: 'tester', host: 'laptop', client: randomUUID() },
      journal: { append: (line) => { this.journal.push(line); return Promise.resolve(); } },
      onEvent: (event) => { this.events.push(event); this.onEvent(event); },
    });
  }

  #person(): Person {
    const secret = (name: string): SecureString => ({ kind: 'secure-string', reveal: () => this.#simulated.secrets[name] ?? '' });
    return {
      confirm: (request) => { this.confirmed.push(request); return Promise.resolve(true); },
      secret: () => Promise.resolve(secret('new')),
      credential: () => Promise.resolve({ userName: 'admin@contoso.com', password: secret('entraAdmin') }),
      choose: (question) => Promise.resolve(this.answers[question.id]),
      text: (request) => Promise.resolve(this.answers[request.id]),
      waitFor: () => Promise.resolve('give-up'),
    };
  }
}
