import type { RemoteErrorRecord, RemoteFailure } from '../session.ts';
import type { FindingId } from './ids.ts';

/** A script ended with a terminating error: the server was reached, and it said no. */
export class ScriptFailed extends Error {
  override readonly name = 'ScriptFailed';
  readonly script: string;
  readonly remote: RemoteErrorRecord | undefined;

  constructor(server: string, script: string, remote: RemoteErrorRecord | undefined) {
    super(isScriptBlocked(remote)
      ? `${server}: the server's malware protection blocked ${script} before any of it ran. It is not tried again and not disguised: have whoever looks after the protection allow it, or work by a runbook. The server said: ${shorten(remote?.message ?? '')}`
      : `${server}: ${script} failed. The server said: ${remote === undefined ? 'nothing' : shorten(remote.message)}`);
    this.script = script;
    this.remote = remote;
  }
}

/** Whether PowerShell refused to run a script because the server's malware protection (AMSI) called it malicious. */
export function isScriptBlocked(error: RemoteErrorRecord | undefined): boolean {
  return /^ScriptContainedMaliciousContent(?:,|$)/.test(error?.fullyQualifiedErrorId ?? '');
}

/** A gate forbids what was about to happen. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly finding: FindingId;

  constructor(finding: FindingId, reason: string) {
    super(reason);
    this.finding = finding;
  }
}

/** A step could not do its work; the message says what came back and what to do next. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

/** What happened on the server cannot be told; a person has to look. */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
}

/** The person declined, gave up or cancelled. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** Failures after which a fresh connection may work: the server did not refuse, it went away. */
const lostReasons: ReadonlySet<string> = new Set(['connection-lost', 'silent-peer', 'unreachable', 'closed']);

/** The failure that a transport's error carries, or undefined for any other error. Transports are told apart by shape: the domain knows none of them. */
export function remoteFailure(error: unknown): RemoteFailure | undefined {
  if (!(error instanceof Error) || !('failure' in error)) return undefined;
  const failure: unknown = error.failure;
  return typeof failure === 'object' && failure !== null && 'reason' in failure && typeof failure.reason === 'string' ? (failure as RemoteFailure) : undefined;
}

/** True where the connection broke, as against a script that failed on a server that answered. */
export function isConnectionLost(error: unknown): boolean {
  const failure = remoteFailure(error);
  return failure !== undefined && lostReasons.has(failure.reason);
}

/** The error's text for a person, bounded. */
export function errorText(error: unknown): string {
  return shorten(error instanceof Error ? error.message : String(error));
}

function shorten(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}
