import type { Duplex } from 'node:stream';
import { RemoteError } from '../error.ts';
import { openTcp } from '../tcp.ts';
import type { ConnectPrompts, SessionTarget } from '../../session.ts';
import { SshConfigError } from './config/error.ts';
import { cancelled, notForwarded, silent, unreachable } from './failures.ts';
import { readHostTrust, trustName } from './host-trust.ts';
import { readIdentities } from './key-attempts.ts';
import { limitsWith, type ConnectLimits } from './limits.ts';
import { openHop, type HopOptions, type Link } from './link.ts';
import type { HostKeyPins } from './pins.ts';
import { proxyWords, runProxyCommand } from './proxy-command.ts';
import { planRoute, type Hop, type Route } from './route.ts';
import type { SshSurroundings } from './surroundings.ts';

export interface LinkOptions {
  readonly target: SessionTarget;
  /** As errors name the server before it is known where ssh_config leads. */
  readonly server: string;
  readonly prompts: ConnectPrompts;
  readonly signal: AbortSignal;
  readonly pins: HostKeyPins;
  /** The user's known_hosts files, and those of the whole machine, unless ssh_config names others. */
  readonly knownHostsFiles: readonly string[];
  readonly globalKnownHostsFiles?: readonly string[] | undefined;
  readonly limits: ConnectLimits;
  /** The person's own SSH; undefined: none of it is looked at. */
  readonly around?: SshSurroundings | undefined;
}

/**
 * Reaches a server, hop by hop; each one's host key is verified and each one authenticates by itself. Rejects with exactly one
 * RemoteError, which says at which hop; by then nothing of the attempt is left open.
 */
export async function openLink(options: LinkOptions): Promise<Link> {
  const { target, server, signal, prompts } = options;
  if (signal.aborted) throw cancelled(server);
  const route = await planRoute(target, options.around, server);
  // Only here: the extension starts without ssh2.
  const { library } = await import('./library.ts');
  const hops: Omit<HopOptions, 'via'>[] = [];
  for (const hop of route.hops) hops.push(await prepare(hop, options, library));
  let via: Link | undefined;
  try {
    for (const [at, hop] of hops.entries()) {
      if (isAborted(signal)) throw cancelled(hop.hop.server);
      const stream = via === undefined ? await firstStream(hop, route) : await forwarded(via, hops[at - 1]?.hop.asks ?? via.server, hop);
      via = await openHop({ ...hop, via }, stream);
    }
  } catch (error) {
    await via?.end();
    throw error;
  }
  if (via === undefined) throw new Error('A way has at least one hop.');
  if (hops.length > 1) prompts.note?.(`${server}: reached by way of ${route.hops.slice(0, -1).map((hop) => hop.asks).join(', ')}`);
  return via;
}

/** Reads everything that a hop needs, so that nothing is connected to where something is missing. */
async function prepare(hop: Hop, options: LinkOptions, library: HopOptions['library']): Promise<Omit<HopOptions, 'via'>> {
  const { settings, server } = hop;
  const { pins, prompts, signal, around } = options;
  const note = (line: string): void => prompts.note?.(`${server}: ${line}`);
  settings.notes.forEach(note);
  const { user } = settings;
  if (user === undefined) throw new RemoteError({ reason: 'unsupported', server, message: 'No user is given for the SSH connection.', remedy: 'Add `user:` to the entry or to the defaults of its group, or `User` to the host in ~/.ssh/config.' });
  const knownHostsFiles = [...settings.userKnownHostsFiles ?? options.knownHostsFiles, ...settings.globalKnownHostsFiles ?? options.globalKnownHostsFiles ?? []];
  const trust = await readHostTrust({ server, ...trustName(settings.hostName, settings.port, settings.hostKeyAlias), knownHostsFiles, pins });
  if (trust.note !== undefined) note(trust.note);
  const identities = await readIdentities(hop, library, note);
  return { hop, user, trust, identities, around, library, prompts, signal, pins, limits: limitsWith(options.limits, settings) };
}

async function firstStream({ hop, user, limits, signal, around }: Omit<HopOptions, 'via'>, { command }: Route): Promise<Duplex> {
  const { server, settings: { hostName: host, port } } = hop;
  if (command === undefined) {
    return await openTcp({ host, port, milliseconds: limits.tcp, signal }, {
      cancelled: () => cancelled(server),
      unreachable: (error) => unreachable(server, error),
      tooSlow: () => silent(server, 'tcp', limits.tcp, ''),
    });
  }
  try {
    const stream = runProxyCommand(proxyWords(command.template, { host, port, user, original: hop.host, home: around?.home ?? '' }, command.where), hop);
    // Its end is told to whoever reads it by then.
    stream.on('error', () => undefined);
    return stream;
  } catch (error) {
    if (!(error instanceof SshConfigError)) throw error;
    throw new RemoteError({ reason: 'unsupported', server, message: `ProxyCommand cannot be followed: ${error.where}: ${error.message}`, remedy: 'Correct that line of ~/.ssh/config.' }, { cause: error });
  }
}

/** A stream to the next hop through the one before. */
function forwarded(via: Link, before: string, { hop, limits, signal }: Omit<HopOptions, 'via'>): Promise<Duplex> {
  const { server, settings: { hostName: host, port } } = hop;
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = (): void => {
      settled = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const give = (error: Error): void => {
      if (settled) return;
      settle();
      reject(error);
    };
    const abort = (): void => { give(cancelled(server)); };
    const timer = setTimeout(() => { give(silent(server, 'tcp', limits.tcp, '')); }, limits.tcp);
    signal.addEventListener('abort', abort, { once: true });
    void via.closed.then((failure) => { give(failure ?? cancelled(server)); });
    via.client.forwardOut('127.0.0.1', 0, host, port, (error, stream) => {
      if (error !== undefined) give(via.failure() ?? notForwarded(server, before, `${host}:${port}`, error));
      else if (settled) stream.destroy();
      else {
        settle();
        stream.on('error', () => undefined);
        resolve(stream);
      }
    });
  });
}

/** Asked anew: it may have been aborted meanwhile. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
