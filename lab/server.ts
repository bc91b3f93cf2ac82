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

export interface ServerOptions {
  readonly name: string;
  readonly directory: string;
  readonly secrets: ServerSecrets;
  readonly ssh: boolean;
  readonly guardian: Guardian;
  readonly signal?: AbortSignal;
}

/** Makes the server's folder in its scenario's state and starts what listens in front of it. Leaves nothing behind when it fails. */
export async function startServer(lab: LabLayout, scenario: Scenario, options: ServerOptions): Promise<SimulatedServer> {
  const { name, directory, secrets, guardian, signal } = options;
  guardian.server(directory);
  guardian.remove(directory);
  let ssh: RunningSshd | undefined;
  const stop = async (): Promise<void> => {
    await ssh?.stop();
    await endProcessesOf(directory);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    const made = await runLabScript(lab, 'create.ps1', ['-Scenario', scenario.file, '-Directory', directory], JSON.stringify(secrets), {
      guardian,
      ...(signal && { signal }),
    });
    if (made.exitCode !== 0) throw scriptFailure('create.ps1', made);
    if (options.ssh) ssh = await startSshd(lab, directory, guardian, signal);
  } catch (error) {
    await stop();
    throw error;
  }
  return { name, scenario, directory, powershell: join(directory, 'bin', 'powershell.exe'), secrets, ssh, stop };
}
