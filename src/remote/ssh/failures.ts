import { RemoteError } from '../error.ts';
import type { ConnectLimits } from './limits.ts';

/** How far a connection had come when it failed. */
export type Stage = 'tcp' | 'banner' | 'key exchange' | 'authentication' | 'open';

const tcpFailures: Readonly<Record<string, readonly [string, string]>> = {
  ENOTFOUND: ['the name could not be resolved', 'Check the host in the servers file, and the VPN or DNS.'],
  EAI_AGAIN: ['the name could not be resolved: no name server answered', 'Check the network, the VPN or DNS, then connect again.'],
  ECONNREFUSED: ['the connection was refused', 'Check the port, and that the service "OpenSSH SSH Server" (sshd) runs on the server.'],
  ECONNRESET: ['the connection was reset', 'Check the port, and whether a firewall on the way cuts the connection.'],
  ETIMEDOUT: ['no answer came', 'Check the host, the firewall on the way and the VPN.'],
  EHOSTUNREACH: ['the host is unreachable', 'Check the network and the VPN.'],
  ENETUNREACH: ['the network is unreachable', 'Check the network and the VPN.'],
};

/** The error for a connection that could not be opened on the TCP level. */
export function unreachable(server: string, error: NodeJS.ErrnoException): RemoteError {
  const [what, remedy] = tcpFailures[error.code ?? ''] ?? [`opening the connection failed (${error.code ?? error.message})`, 'Check the host, the port and the network.'];
  return new RemoteError({ reason: 'unreachable', server, message: `Connecting over SSH failed: ${what}.`, remedy }, { cause: error });
}

/** The error for a peer that did not answer in time. */
export function silent(server: string, stage: Stage, milliseconds: number, received: string): RemoteError {
  if (stage === 'tcp') {
    return new RemoteError({ reason: 'unreachable', server, message: `Connecting over SSH failed: no answer came in ${milliseconds / 1000} s.`, remedy: 'Check the host, the firewall on the way and the VPN.' });
  }
  const where = stage === 'banner' ? 'never sent its SSH banner' : `stopped answering during ${stage}`;
  return new RemoteError({
    reason: 'silent-peer', server,
    message: `The server accepted the connection but ${where} (waited ${milliseconds / 1000} s).`,
    remedy: stage === 'banner' ? 'Check that the port is the one of an SSH server.' : 'Connect again; if it stays, look at the server\'s OpenSSH log (Event Viewer: OpenSSH/Operational).',
    quoted: received === '' ? undefined : received,
  });
}

/** The error for a connection that ended because the jump host before it did. */
export function lostHop(server: string, failure: RemoteError): RemoteError {
  return new RemoteError({ ...failure.failure, server, message: `The way to the server was lost at ${failure.failure.server}: ${failure.failure.message}` }, { cause: failure });
}

/** The error for a jump host that does not carry the connection further (RFC 4254, 5.1: reason 1 prohibited, 2 failed). */
export function notForwarded(server: string, hop: string, place: string, error: Error & { reason?: unknown }): RemoteError {
  const prohibited = error.reason === 1;
  return new RemoteError({
    reason: 'unreachable', server,
    message: `The jump host ${hop} ${prohibited ? 'does not carry connections further' : `could not reach ${place}`}.`,
    remedy: prohibited ? 'Allow it on the jump host (AllowTcpForwarding, PermitOpen in its sshd_config), or use another one.' : `Check that the jump host can reach ${place}: the name is resolved there, and the port must be open from there.`,
    quoted: error.message,
  }, { cause: error });
}

/** The error for cancelling by signal. */
export function cancelled(server: string): RemoteError {
  return new RemoteError({ reason: 'cancelled', server, message: 'Connecting was cancelled.', remedy: 'Connect again when needed.' });
}

/**
 * The error for what ssh2 emitted, or for a connection that ended without a word (`error` undefined).
 * @param received the first bytes that came, before the SSH banner
 */
export function failedAt(server: string, stage: Stage, error: (Error & { level?: string; code?: unknown }) | undefined, received: string, limits: ConnectLimits): RemoteError {
  const quoted = stage === 'banner' && received !== '' ? received : undefined;
  if (error?.level === 'client-timeout') {
    const seconds = limits.keepaliveInterval * limits.keepaliveCount / 1000;
    return new RemoteError({ reason: 'connection-lost', server, message: `The connection was lost: the server answered no keep-alive for ${seconds} s.`, remedy: 'Check the network, then connect again.' }, { cause: error });
  }
  if (error?.level === 'client-socket') {
    const during = stage === 'open' ? '' : ` during ${stage}`;
    return new RemoteError({ reason: 'connection-lost', server, message: `The connection was cut${during} (${typeof error.code === 'string' ? error.code : error.message}).`, remedy: 'Check the network, then connect again.', quoted }, { cause: error });
  }
  if (stage === 'banner') {
    return new RemoteError({
      reason: 'bad-peer', server,
      message: error === undefined || /lost before handshake/i.test(error.message) ? 'The server closed the connection before its SSH banner was complete.' : `The server did not send an SSH banner (${error.message}).`,
      remedy: 'Check that the port is the one of an SSH server, and that the server is not refusing connections (MaxStartups).',
      quoted,
    }, { cause: error });
  }
  if (typeof error?.code === 'number') {
    return new RemoteError({ reason: stage === 'open' ? 'connection-lost' : 'bad-peer', server, message: `The server disconnected${stage === 'open' ? '' : ` during ${stage}`}.`, remedy: 'Look at the server\'s OpenSSH log (Event Viewer: OpenSSH/Operational), then connect again.', quoted: error.message }, { cause: error });
  }
  if (error === undefined) {
    return new RemoteError({ reason: 'connection-lost', server, message: `The server closed the connection${stage === 'open' ? '' : ` during ${stage}`}.`, remedy: 'Connect again; if it stays, look at the server\'s OpenSSH log (Event Viewer: OpenSSH/Operational).' });
  }
  if (/no matching/i.test(error.message)) {
    return new RemoteError({ reason: 'unsupported', server, message: `Client and server have no algorithm in common (${error.message}).`, remedy: 'Update OpenSSH on the server.' }, { cause: error });
  }
  return new RemoteError({ reason: 'bad-peer', server, message: `The server broke the SSH protocol${stage === 'open' ? '' : ` during ${stage}`}.`, remedy: 'Check that it is an up-to-date SSH server and that nothing on the way alters the traffic.', quoted: error.message }, { cause: error });
}
