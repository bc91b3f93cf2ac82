import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { createConnect, serverLabel } from './remote/connect.ts';
import { configuredHosts } from './remote/ssh/config-hosts.ts';
import { trustName } from './remote/ssh/host-trust.ts';
import { createFileHostKeyPins } from './remote/ssh/pins.ts';
import { machineSurroundings, readSettings } from './remote/ssh/surroundings.ts';
import { createFileCertificatePins } from './remote/wsman/pins.ts';
import { portOf } from './remote/port.ts';
import type { Connect, SessionProgram, SessionTarget } from './session.ts';

/**
 * The pauses before each further attempt to hear what a running script says, in milliseconds: a run outlasts a lost connection for
 * nearly four minutes, as long as Windows' own client keeps trying.
 */
const retries = [0, 1000, 2000, 5000, 10_000, 15_000, 20_000, 25_000, 30_000, 30_000, 30_000, 30_000];

/** How servers are reached and who they were the first time: loaded at the first connection. */
export interface EditorTransports {
  /** @param localPowerShell the executable of the local transport, or a whole program: one object for each */
  connect(localPowerShell: string | SessionProgram): Connect;
  /** Drops what was trusted for a server, under the name that ssh_config gives it; gives how much that was. */
  forget(target: SessionTarget): Promise<number>;
  /** Hosts of the person's ssh_config, to be offered. */
  sshHosts(): Promise<readonly string[]>;
  /** What questions about a server call it; passwords are kept under it. */
  label(target: SessionTarget): Promise<string>;
}

/**
 * @param storage folder for the pinned host keys and certificates, shared by the extension and the command line
 * @param proxy the HTTP proxy for a host, as a URL
 */
export function createTransports(storage: string, proxy: (host: string) => string | undefined): EditorTransports {
  const hostKeyPins = createFileHostKeyPins(join(storage, 'host-keys'));
  const certificatePins = createFileCertificatePins(join(storage, 'certificates'));
  const ssh = machineSurroundings();
  const knownHostsFiles = ['known_hosts', 'known_hosts2'].map((name) => join(homedir(), '.ssh', name));
  const globalKnownHostsFiles = ssh.configPaths.slice(1).flatMap((path) => ['ssh_known_hosts', 'ssh_known_hosts2'].map((name) => join(dirname(path), name)));
  // What was learned about servers while connecting is kept for as long as the setting stands.
  const made = new Map<string | SessionProgram, Connect>();
  return {
    connect: (localPowerShell) => {
      const known = made.get(localPowerShell) ?? createConnect({ hostKeyPins, certificatePins, knownHostsFiles, globalKnownHostsFiles, ssh, localPowerShell, proxy, winRmLimits: { retries } });
      made.set(localPowerShell, known);
      return known;
    },
    forget: async (target) => {
      if (target.transport === 'local') return 0;
      if (target.transport === 'winrm') return await certificatePins.forget(target.host, portOf(target));
      const { hostName, port, hostKeyAlias } = await readSettings(ssh, target, target.name);
      const name = trustName(hostName, port, hostKeyAlias);
      return await hostKeyPins.forget(name.host, name.port);
    },
    label: async (target) => {
      if (target.transport !== 'ssh') return serverLabel(target);
      const { hostName, port } = await readSettings(ssh, target, target.name);
      return `${target.name} (${hostName}:${port})`;
    },
    sshHosts: () => configuredHosts(ssh.configPaths[0] ?? '', ssh.files),
  };
}
