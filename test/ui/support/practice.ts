// Simulated servers for a browser test, with the same workspace folder that npm start opens.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labLayout } from '../../../lab/layout.ts';
import { startPracticeServers } from '../../../lab/practice-servers.ts';
import type { SimulatedServer } from '../../../lab/server.ts';
import type { WinRmAccess } from '../../../lab/winrm/start.ts';
import { writePracticeFolder } from '../../../scripts/start/practice-folder.mjs';
import { root } from '../../../scripts/vscode/root.mjs';

/** A running lab and the folder to open. */
export interface Practice {
  readonly folder: string;
  readonly servers: readonly SimulatedServer[];
  /** How each is reached over WinRM, by its name. */
  readonly winrm: ReadonlyMap<string, WinRmAccess>;
  /** Ends the servers and removes the folder. */
  stop(): Promise<void>;
}

/** Starts one simulated server a scenario (name or path), reached over SSH, and where wanted over WinRM as well. */
export async function startPractice(scenarios: readonly string[], winrm = false): Promise<Practice> {
  const lab = await startPracticeServers(labLayout(root), scenarios, { winrm });
  const folder = mkdtempSync(join(tmpdir(), 'practice-'));
  // Another lab may be running on this machine under the same names: the tasks name each server by its folder.
  const servers = lab.servers.map((server) => ({
    name: server.directory, scenario: server.scenario.name, computerName: server.scenario.content.computerName, hostKeyFingerprint: server.ssh?.hostKeyFingerprint ?? '',
  }));
  writePracticeFolder({ serversFile: lab.serversFile, secretsFile: lab.secretsFile, servers }, folder);
  return {
    folder, servers: lab.servers, winrm: lab.winrm?.access ?? new Map(),
    stop: async () => {
      await lab.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
