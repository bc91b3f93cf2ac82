import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLabScript, scriptFailure } from './engine.ts';
import type { Guardian } from './guardian.ts';
import type { LabLayout } from './layout.ts';
import { endProcessesOf } from './processes.ts';
import type { Scenario } from './scenario.ts';
import type { ServerSecrets } from './secrets.ts';
import { startSshd, type RunningSshd } from './sshd.ts';

/** One simulated Connect server, made from a scenario and running. */
export interface SimulatedServer {
  /** Its label in the servers file and for `person`. */
  readonly name: string;
  readonly scenario: Scenario;
  /** Its folder, absolute: state, drive, keys. */
  readonly directory: string;
  /** Its powershell.exe, for the local transport. */
  readonly powershell: string;
  readonly secrets: ServerSecrets;
  /** Undefined where it was asked for without SSH. */
  readonly ssh: RunningSshd | undefined;
  /** Ends its processes, detached ones too, and removes its folder. */
  stop(): Promise<void>;
}

/** A server to be made. */
export interface ServerPlace {
  readonly name: string;
  readonly scenario: Scenario;
  readonly directory: string;
  readonly secrets: ServerSecrets;
}

export interface ServerOptions {
  readonly ssh: boolean;
  readonly guardian: Guardian;
  readonly signal?: AbortSignal;
}

/** Makes the folder of each server in its scenario's state, all with one start of the engine. What was made stays when it fails. */
export async function makeServers(lab: LabLayout, places: readonly ServerPlace[], { guardian, signal }: ServerOptions): Promise<void> {
  for (const { directory } of places) {
    guardian.server(directory);
    guardian.remove(directory);
  }
  const input = JSON.stringify(places.map(({ scenario, directory, secrets }) => ({ scenario: scenario.file, directory, secrets })));
  // Milliseconds: as long as one may take, and some more for each other one.
  const limit = 60_000 + 10_000 * (places.length - 1);
  const made = await runLabScript(lab, 'create.ps1', ['-Several'], input, { guardian, limit, ...(signal && { signal }) });
  if (made.exitCode !== 0) throw scriptFailure('create.ps1', made);
}

/** Starts what listens in front of a server that was made. Leaves nothing behind when it fails. */
export async function startServer(lab: LabLayout, place: ServerPlace, options: ServerOptions): Promise<SimulatedServer> {
  const { name, scenario, directory, secrets } = place;
  let ssh: RunningSshd | undefined;
  const stop = async (): Promise<void> => {
    await ssh?.stop();
    await endProcessesOf(directory);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    if (options.ssh) ssh = await startSshd(lab, directory, options.guardian, options.signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, scenario, directory, powershell: join(directory, 'bin', 'powershell.exe'), secrets, ssh, stop };
}
