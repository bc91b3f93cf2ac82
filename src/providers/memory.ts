import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Memento } from 'vscode';
import { sameMachine, type MachineIdentity, type MachinePins } from '../connect/machine-pin.ts';
import type { RunOptions } from '../connect/run.ts';
import type { MachinePinFiles } from '../storage/machine-pins.ts';
import type { RunSummary } from './server/state.ts';

/** Runs that are remembered for each server. */
const historyLimit = 30;

/** Which machine each name of one servers file stood for: the shared store, and what earlier versions kept in the workspace. */
export class SharedPins implements MachinePins {
  readonly #files: MachinePinFiles;
  readonly #memory: Memento;

  constructor(files: MachinePinFiles, memory: Memento) {
    this.#files = files;
    this.#memory = memory;
  }

  /**
   * Moves what an earlier version kept over to the shared store. Rejects where the two stood for different machines: one of them was
   * another server, and nobody but a person knows which.
   */
  async get(server: string): Promise<MachineIdentity | undefined> {
    const shared = await this.#files.get(server);
    const kept = this.#memory.get<MachineIdentity>(pinKey(server));
    if (kept === undefined) return shared;
    if (shared !== undefined && !sameMachine(shared, kept)) {
      throw new Error(`'${server}' stood for ${kept.computerName} (${kept.machineId}) in this workspace and for ${shared.computerName} (${shared.machineId}) on the command line. Use "Forget Identity" once you know which one it is; nothing was changed.`);
    }
    if (shared === undefined) await this.#files.set(server, kept);
    await this.#memory.update(pinKey(server), undefined);
    return kept;
  }

  async set(server: string, identity: MachineIdentity): Promise<void> {
    await this.#files.set(server, identity);
  }

  /** Forgets one in both places, so that the next run pins anew. */
  async forget(server: string): Promise<void> {
    await this.#memory.update(pinKey(server), undefined);
    await this.#files.forget(server);
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
