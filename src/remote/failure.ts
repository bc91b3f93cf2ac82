import type { RemoteFailureReason } from '../session.ts';
import { ClixmlError } from './clixml/error.ts';
import { SilenceError } from './deadline.ts';
import { RemoteError } from './error.ts';
import { ProtocolError } from './psrp/error.ts';
import type { TransportEnd, TransportTrace } from './transport.ts';

/** What is known of the peer when something went wrong. */
export interface PeerTrace extends TransportTrace {
  readonly server: string;
  /** True while the session was being opened. */
  readonly opening: boolean;
}

const remedies: Partial<Record<RemoteFailureReason, string>> = {
  'bad-peer': 'Check that the command on the server starts Windows PowerShell and that nothing (a profile, a banner) writes to its output.',
  'limit-exceeded': 'Report this together with what was being run: the server sent more than any of this product\'s scripts asks for.',
  'silent-peer': 'Check the server\'s load and the network, then connect again.',
  'connection-lost': 'Connect again; what had been running on the server has ended with the connection.',
  'unreachable': 'Check that Windows PowerShell can be started there.',
  'unsupported': 'Report this: the value cannot be sent to Windows PowerShell.',
  'cancelled': 'Connect again when needed.',
  'closed': 'Open a new session.',
};

/** Makes the one error that a session throws for a reason. */
export function remoteError(server: string, reason: RemoteFailureReason, message: string, quoted?: string, cause?: unknown): RemoteError {
  return new RemoteError({ reason, server, message, remedy: remedies[reason] ?? '', quoted }, { cause });
}

/** Turns whatever went wrong into the session's error: which server, what came, what to do. */
export function toRemoteError(error: unknown, trace: PeerTrace): RemoteError {
  if (error instanceof RemoteError) return error;
  const { server, noise, errorText } = trace;
  const heard = [noise.trim(), errorText.trim()].filter((t) => t !== '').join('\n');
  if (error instanceof ProtocolError) {
    return remoteError(server, error.reason, `The server broke the remoting protocol. ${error.message}`, error.quoted ?? (heard === '' ? undefined : heard), error);
  }
  if (error instanceof SilenceError) {
    if (!trace.sawElement && heard !== '') return remoteError(server, 'bad-peer', `${error.message} What came instead is not the remoting protocol.`, heard, error);
    return remoteError(server, 'silent-peer', error.message, heard === '' ? undefined : heard, error);
  }
  if (error instanceof ClixmlError) return remoteError(server, 'unsupported', `${error.message}.`, undefined, error);
  const text = error instanceof Error ? error.message : String(error);
  return remoteError(server, trace.opening && !trace.sawElement ? 'unreachable' : 'connection-lost', `The connection failed: ${text}.`, heard === '' ? undefined : heard, error);
}

/** True for an error that says what is wrong; false for one of a stream or a socket. */
export function isOurs(error: unknown): boolean {
  return error instanceof RemoteError || error instanceof ProtocolError || error instanceof SilenceError || error instanceof ClixmlError;
}

/** The error of a channel that ended by itself. */
export function endedError(trace: PeerTrace, ended: TransportEnd | undefined): RemoteError {
  if (ended?.error !== undefined) return toRemoteError(ended.error, trace);
  const how = ended?.signal !== undefined ? `by ${ended.signal}` : ended?.exitCode !== undefined ? `with exit code ${ended.exitCode}` : 'without an exit code';
  const heard = [trace.noise.trim(), trace.errorText.trim()].filter((t) => t !== '').join('\n');
  const quoted = heard === '' ? undefined : heard;
  if (!trace.sawElement) return remoteError(trace.server, 'bad-peer', `The program on the server ended ${how} before it spoke the remoting protocol.`, quoted);
  return remoteError(trace.server, 'connection-lost', `The PowerShell process on the server ended ${how}.`, quoted);
}
