import type { RemoteFailure, RemoteFailureReason } from '../../session.ts';
import type { Problem } from './state.ts';

/** What went wrong, for the tree and the terminal; keeps what a RemoteError says and stays readable for anything else. */
export function problemOf(error: unknown): Problem {
  const failure = failureOf(error);
  if (failure !== undefined) return { message: failure.message, remedy: failure.remedy };
  return { message: error instanceof Error ? error.message : String(error), remedy: '' };
}

/** True where the person, not the server, ended it. */
export function isCancellation(error: unknown): boolean {
  if (failureOf(error)?.reason === 'cancelled') return true;
  return error instanceof Error && error.name === 'AbortError';
}

/** Why reaching a server failed; undefined for anything else. */
export function reasonOf(error: unknown): RemoteFailureReason | undefined {
  return failureOf(error)?.reason;
}

/** The failure that a RemoteError carries; the class itself lives with the transports, which providers do not know. */
function failureOf(error: unknown): RemoteFailure | undefined {
  if (!(error instanceof Error) || !('failure' in error)) return undefined;
  return error.failure as RemoteFailure;
}
