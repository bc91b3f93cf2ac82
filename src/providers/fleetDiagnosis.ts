import { setMaxListeners } from 'node:events';
import type { Clock } from '../connect/server.ts';
import { Semaphore, type Patience } from './semaphore.ts';
import type { ServerState } from './server/state.ts';

/** One server as a diagnosis of many sees it. */
export interface DiagnosedServer {
  readonly name: string;
  readonly group: string | undefined;
  /** How it stands now. */
  readonly state: () => ServerState;
  /** Connects where needed and reads it; false where that did not come about, which its state explains. */
  readonly diagnose: () => Promise<boolean>;
  /** Calls the reading off. */
  readonly cancel: () => void;
}

/** One line of the table. `failed`: it could not be read. */
export interface FleetRow {
  readonly server: DiagnosedServer;
  readonly state: 'waiting' | 'reading' | 'read' | 'failed' | 'cancelled';
  /** How long its reading took, in seconds; undefined until it is over. */
  readonly seconds: number | undefined;
}

/** Reads many servers, so many at once; one that does not answer soon holds no other up, and what came is kept when it is cancelled. */
export class FleetDiagnosis {
  readonly #clock: Clock;
  readonly #changed: () => void;
  readonly #gate: Semaphore;
  #rows: readonly FleetRow[];

  /** `changed` is called whenever a row changes. */
  constructor(servers: readonly DiagnosedServer[], limit: number, patience: Patience, clock: Clock, changed: () => void) {
    this.#clock = clock;
    this.#changed = changed;
    this.#gate = new Semaphore(limit, patience);
    this.#rows = servers.map((server) => ({ server, state: 'waiting', seconds: undefined }));
  }

  /** In the order in which the servers were given. */
  get rows(): readonly FleetRow[] { return this.#rows; }

  /** How many are over, one way or another. */
  get over(): number { return this.#rows.filter((row) => row.state !== 'waiting' && row.state !== 'reading').length; }

  /** Resolves when every server is over. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    // Each server listens to it.
    setMaxListeners(0, signal);
    await Promise.all(this.#rows.map((row, index) => this.#gate.run(() => this.#read(row.server, index, signal))));
  }

  async #read(server: DiagnosedServer, index: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) {
      this.#set(index, 'cancelled', undefined);
      return;
    }
    this.#set(index, 'reading', undefined);
    const begun = this.#clock.now();
    const cancel = (): void => { server.cancel(); };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const read = await server.diagnose();
      this.#set(index, read ? 'read' : isAborted(signal) ? 'cancelled' : 'failed', (this.#clock.now() - begun) / 1000);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  #set(index: number, state: FleetRow['state'], seconds: number | undefined): void {
    this.#rows = this.#rows.map((row, at) => at === index ? { ...row, state, seconds } : row);
    this.#changed();
  }
}

/** Asked anew: it may have been aborted meanwhile. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
