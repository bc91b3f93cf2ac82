import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Guardian } from './guardian.ts';
import type { LabLayout } from './layout.ts';
import { announce, runningFile } from './running.ts';
import { loadScenario, type Scenario } from './scenario.ts';
import { makeSecrets, writeSecretStore } from './secrets.ts';
import { serversFileText } from './servers-file.ts';
import { makeServers, startServer, type SimulatedServer } from './server.ts';
import { winRmUser } from './winrm/account.ts';
import { startWinRm, type RunningWinRm } from './winrm/start.ts';

/** Simulated servers that run beside each other, with the files that a user of them needs. */
export interface PracticeServers {
  /** Folder of everything below. */
  readonly directory: string;
  /** The lab's own secret store, readable by its owner only. */
  readonly secretsFile: string;
  /** A ready servers file. */
  readonly serversFile: string;
  /** The servers' host keys as a known_hosts file. */
  readonly knownHostsFile: string;
  readonly servers: readonly SimulatedServer[];
  /** Undefined where it was asked for without WinRM. */
  readonly winrm: RunningWinRm | undefined;
  /** Ends every process by its id and removes every file that was made. May be called twice. */
  stop(): Promise<void>;
}

export interface PracticeOptions {
  /** Where to put the files; absent: a new folder in the lab's cache, removed at the end. */
  readonly directory?: string;
  /** False starts no sshd: for the local transport. */
  readonly ssh?: boolean;
  /** True starts a WinRM listener and a domain controller. */
  readonly winrm?: boolean;
  readonly signal?: AbortSignal;
}

/** Secrets that people bring along, whatever the scenario: an Entra administrator's password and an Enterprise Admin's. */
const peoplesSecrets = ['entraAdmin', 'enterpriseAdmin'];

/**
 * Starts one simulated server a scenario (name or path), all with fresh secrets. Leaves nothing behind when it fails or is aborted;
 * if this process dies, the guardian cleans up. Throws a LabError.
 */
export async function startPracticeServers(lab: LabLayout, scenarios: readonly string[], options: PracticeOptions = {}): Promise<PracticeServers> {
  const loaded = withNames(scenarios.map((scenario) => loadScenario(lab, scenario)));
  const guardian = new Guardian(lab);
  mkdirSync(lab.cache, { recursive: true, mode: 0o700 });
  const own = options.directory === undefined;
  const directory = options.directory ?? mkdtempSync(join(lab.cache, `servers-${process.pid}-`));
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const secretsFile = join(directory, 'secrets.json');
  const serversFile = join(directory, 'practice.connect.yaml');
  const knownHostsFile = join(directory, 'known_hosts');
  const winRmFolder = join(directory, 'winrm');
  const made = own ? [directory] : [secretsFile, serversFile, knownHostsFile, winRmFolder];
  for (const path of [...made, runningFile(lab)]) guardian.remove(path);

  const running: SimulatedServer[] = [];
  const folders: string[] = [];
  let winrm: RunningWinRm | undefined;
  let withdraw: (() => void) | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => stopping ??= (async () => {
    withdraw?.();
    await winrm?.stop();
    await Promise.all(running.map((server) => server.stop()));
    for (const path of [...made, ...folders]) rmSync(path, { recursive: true, force: true });
    await guardian.dismiss();
  })();
  try {
    // One domain, so one account for all servers, as an administrator has it.
    const account = makeSecrets([winRmUser]);
    const secrets = Object.fromEntries(loaded.map(({ name, scenario }) => [name, { ...makeSecrets([...scenario.secretNames, ...peoplesSecrets]), ...(options.winrm === true && account) }]));
    writeSecretStore(secretsFile, secrets);
    const how = { ssh: options.ssh ?? true, guardian, ...(options.signal && { signal: options.signal }) };
    const places = loaded.map(({ name, scenario }) => ({ name, scenario, directory: join(directory, name), secrets: secrets[name] ?? {} }));
    for (const place of places) folders.push(place.directory);
    await makeServers(lab, places, how);
    const outcomes = await Promise.allSettled(places.map(async (place) => {
      const server = await startServer(lab, place, how);
      running.push(server);
      return server;
    }));
    const servers = outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
    writeFileSync(knownHostsFile, servers.flatMap(({ ssh }) => (ssh ? [`${ssh.knownHostsLine}\n`] : [])).join(''), { mode: 0o600 });
    if (options.winrm === true) winrm = await startWinRm(lab, winRmFolder, servers, account[winRmUser] ?? '', guardian, options.signal);
    if (options.ssh ?? true) writeFileSync(serversFile, serversFileText(servers, winrm?.access), { mode: 0o600 });
    options.signal?.throwIfAborted();
    withdraw = announce(lab, servers);
    return { directory, secretsFile, serversFile, knownHostsFile, servers, winrm, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A name for each server: its scenario's, numbered where one is asked for twice. */
function withNames(scenarios: readonly Scenario[]): { name: string; scenario: Scenario }[] {
  const taken = new Set<string>();
  return scenarios.map((scenario) => {
    // A caller's own file may have any name; the server's becomes a folder's and a label.
    const base = scenario.name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[.-]+/, '') || 'server';
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}-${number}`;
    taken.add(name.toLowerCase());
    return { name, scenario };
  });
}
