import { RemoteError } from './error.ts';
import { LocalConnection } from './local-connection.ts';
import { portOf } from './port.ts';
import { defaultLimits, type ConnectLimits } from './ssh/limits.ts';
import type { HostKeyPins } from './ssh/pins.ts';
import type { SshSurroundings } from './ssh/surroundings.ts';
import type { WinRmLimits } from './wsman/limits.ts';
import type { CertificatePins } from './wsman/pins.ts';
import type { Connect, SessionProgram, SessionTarget } from '../session.ts';

/** What reaching servers needs from whoever wires it in. */
export interface ConnectOptions {
  /** Our own store of trusted host keys: createFileHostKeyPins (ssh/pins.ts) over the extension's storage. */
  readonly hostKeyPins: HostKeyPins;
  /** Our own store of trusted certificates: createFileCertificatePins (wsman/pins.ts) over the extension's storage. */
  readonly certificatePins: CertificatePins;
  /** The HTTP proxy for a host that is reached over https, `http://host:port`; undefined: none. */
  readonly proxy?: ((host: string, port: number) => string | undefined) | undefined;
  /** known_hosts files, absolute: read, never written; a missing one is an empty one. */
  readonly knownHostsFiles: readonly string[];
  /** known_hosts files of the whole machine, absolute; none by default. */
  readonly globalKnownHostsFiles?: readonly string[];
  /** The person's own SSH: ssh_config, keys and agent; absent: none of it is looked at. */
  readonly ssh?: SshSurroundings;
  /** The executable of the local transport, absolute or found by PATH, or a program that is started as it stands. */
  readonly localPowerShell: string | SessionProgram;
  /** Waits over SSH. */
  readonly limits?: Partial<ConnectLimits>;
  /** Waits over WinRM. */
  readonly winRmLimits?: Partial<WinRmLimits>;
  /** Takes a server that is not Windows PowerShell 5.1, for tests against a bare engine. Default false. */
  readonly allowAnyPowerShell?: boolean;
}

/** Makes the function that reaches servers, by SSH, by WinRM or on this machine. Loads SSH and WinRM on their first use. */
export function createConnect(options: ConnectOptions): Connect {
  const limits: ConnectLimits = { ...defaultLimits, ...options.limits };
  const allowAnyPowerShell = options.allowAnyPowerShell ?? false;
  const working = new Map<string, string>();
  return async (target, prompts, signal) => {
    const server = serverLabel(target);
    if (signal.aborted) throw new RemoteError({ reason: 'cancelled', server, message: 'Connecting was cancelled.', remedy: 'Connect again when needed.' });
    if (target.transport === 'local') return new LocalConnection(server, localProgram(options.localPowerShell), allowAnyPowerShell);
    if (target.transport === 'winrm') {
      const { openWinRm } = await import('./wsman/connection.ts');
      return await openWinRm({ target, server, prompts, signal, pins: options.certificatePins, proxy: options.proxy, allowAnyPowerShell, ...(options.winRmLimits && { limits: options.winRmLimits }) });
    }
    const { openSsh } = await import('./ssh/connection.ts');
    return await openSsh({ target, server, prompts, signal, pins: options.hostKeyPins, knownHostsFiles: options.knownHostsFiles, globalKnownHostsFiles: options.globalKnownHostsFiles, limits, around: options.ssh }, working, allowAnyPowerShell);
  };
}

/** How errors name a server: as the servers file does, with host and port. */
export function serverLabel(target: SessionTarget): string {
  return target.transport === 'local' ? `${target.name} (this machine)` : `${target.name} (${target.host}:${portOf(target)})`;
}

function localProgram(powerShell: string | SessionProgram): SessionProgram {
  return typeof powerShell === 'string' ? { file: powerShell, args: ['-NoLogo', '-NoProfile', '-s'] } : powerShell;
}
