import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Memento } from 'vscode';
import type { MachineIdentity, MachinePins } from '../connect/machine-pin.ts';
import type { RunOptions } from '../connect/run.ts';
import type { RunSummary } from './server/state.ts';

/** Runs that are remembered for each server. */
const historyLimit = 30;

/** Which machine each name of this workspace stood for when it was first worked on. */
export class WorkspacePins implements MachinePins {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  get(server: string): Promise<MachineIdentity | undefined> {
    return Promise.resolve(this.#memory.get<MachineIdentity>(pinKey(server)));
  }

  async set(server: string, identity: MachineIdentity): Promise<void> {
    await this.#memory.update(pinKey(server), identity);
  }

  /** Forgets one, so that the next run pins anew. */
  async forget(server: string): Promise<void> {
    await this.#memory.update(pinKey(server), undefined);
  }
}

/** Titles and results of earlier runs; the journals themselves are files. */
export class RunHistory {
  readonly #memory: Memento;

  constructor(memory: Memento) {
    this.#memory = memory;
  }

  /** Newest first. */
  load(server: string): readonly RunSummary[] {
    return this.#memory.get<readonly RunSummary[]>(historyKey(server), []);
  }

  /** Remembers one more. */
  add(server: string, run: RunSummary): void {
    void this.#memory.update(historyKey(server), [run, ...this.load(server)].slice(0, historyLimit));
  }
}

/** Who runs things from here, for the lock on the server; the installation gets its GUID at first use. */
export function holder(memory: Memento): RunOptions['holder'] {
  const key = 'entraConnect.client';
  let client = memory.get<string>(key);
  if (client === undefined) {
    client = randomUUID();
    void memory.update(key, client);
  }
  return { who: userInfo().username, host: hostname(), client };
}

const pinKey = (server: string): string => `entraConnect.machine:${server}`;
const historyKey = (server: string): string => `entraConnect.runs:${server}`;
