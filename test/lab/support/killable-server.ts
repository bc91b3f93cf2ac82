import { processesOf } from '../../../lab/processes.ts';
import { readFileSync } from 'node:fs';
import type { LabServer } from '../../../lab/try/lab-server.ts';
import type { ConnectServer, LeftSession } from '../../../src/connect/server.ts';
import { RemoteError } from '../../../src/remote/error.ts';
import type { InvokeOptions, Pipeline, PowerShellSession, StreamRecord } from '../../../src/session.ts';

/** What dies: the client for good, its connection, or the process on the server that runs the script. */
export const victims = ['client', 'connection', 'engine'] as const;
/** When: before a script is sent, while it runs, or after it ended and before its answer is looked at. */
export const moments = ['before', 'during', 'after'] as const;

export interface Kill {
  readonly moment: typeof moments[number];
  readonly victim: typeof victims[number];
  /** How long to let a script run that is killed in its middle, in milliseconds. */
  readonly lets: number;
}

/** What dies at a script, if anything: asked before each is sent, with its name and how many this client sent before it. */
export type Reaper = (script: string, index: number) => Kill | undefined;

/** One client of a simulated server that is killed, or loses its connection or its engine, at the scripts that its reaper names. */
export class KillableServer implements ConnectServer {
  readonly name: string;
  readonly claims: ConnectServer['claims'];
  /** The scripts that it sent, and how long each took, in milliseconds. */
  readonly scripts: { readonly name: string; milliseconds: number }[] = [];
  /** How many kills have struck. */
  struck = 0;
  readonly #server: LabServer;
  readonly #directory: string;
  readonly #cut: () => void;
  readonly #reaper: Reaper;
  #dead = false;

  /** `cut` breaks its connections; `directory` is the simulated server's, whose engines can be killed. */
  constructor(server: LabServer, directory: string, cut: () => void, reaper: Reaper) {
    this.name = server.name;
    this.claims = server.claims;
    this.#server = server;
    this.#directory = directory;
    this.#cut = cut;
    this.#reaper = reaper;
  }

  /** True once this client was killed: it reaches nothing any more, and does not even find out. */
  get dead(): boolean {
    return this.#dead;
  }

  async session(signal?: AbortSignal): Promise<PowerShellSession> {
    this.#refuseDead();
    return this.#watch(await this.#server.session(signal));
  }

  async left(id: string, signal?: AbortSignal): Promise<LeftSession | undefined> {
    this.#refuseDead();
    return await this.#server.left(id, signal);
  }

  async renew(signal?: AbortSignal): Promise<PowerShellSession> {
    this.#refuseDead();
    return this.#watch(await this.#server.renew(signal));
  }

  #refuseDead(): void {
    if (this.#dead) throw new Error('This client is dead.');
  }

  #watch(session: PowerShellSession): PowerShellSession {
    const invoke = (script: string, options?: InvokeOptions): Pipeline => this.#invoke(session, script, options);
    return new Proxy(session, { get: (target, name) => {
      if (name === 'invoke') return invoke;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    } });
  }

  #invoke(session: PowerShellSession, script: string, options: InvokeOptions | undefined): Pipeline {
    this.#refuseDead();
    const index = this.scripts.length;
    const entry = { name: options?.name ?? '', milliseconds: 0 };
    this.scripts.push(entry);
    const kill = this.#reaper(entry.name, index);
    if (kill?.moment === 'before') this.#strike(kill);
    const begun = performance.now();
    const pipeline = session.invoke(script, options);
    void pipeline.result.then(() => { entry.milliseconds = performance.now() - begun; }, () => undefined);
    if (kill?.moment === 'during') setTimeout(() => { this.#strike(kill); }, kill.lets);
    return kill?.moment === 'after' ? this.#unheard(pipeline, kill) : pipeline;
  }

  /** A script that ended on the server, and whose answer never arrives. */
  #unheard(pipeline: Pipeline, kill: Kill): Pipeline {
    const lost = (async (): Promise<never> => {
      for await (const record of pipeline) if (record.stream === 'error') break;
      await pipeline.result;
      this.#strike(kill);
      throw new RemoteError({ reason: 'connection-lost', server: this.name, message: 'The answer never arrived.', remedy: 'Connect again.' });
    })();
    lost.catch(() => undefined);
    return {
      result: lost, stop: () => pipeline.stop(),
      async *[Symbol.asyncIterator](): AsyncGenerator<StreamRecord> {
        yield await lost;
      },
    };
  }

  #strike(kill: Kill): void {
    this.struck++;
    if (kill.victim === 'engine') this.#killEngines();
    else {
      if (kill.victim === 'client') this.#dead = true;
      this.#cut();
    }
  }

  /** Ends the engines that serve sessions; tasks that run detached go on. */
  #killEngines(): void {
    killEngines(this.#directory);
  }
}

/** Ends the processes that serve a simulated server's sessions, by their ids; tasks that run detached go on. */
export function killEngines(directory: string): void {
  for (const pid of processesOf(directory)) {
    try {
      if (/\0-s\0?$/.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))) process.kill(pid, 'SIGKILL');
    } catch {
      // It has gone by itself.
    }
  }
}
