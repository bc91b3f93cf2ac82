import type { RemoteFailure, RemoteFailureReason } from '../session.ts';

/** Longest text of a peer that is quoted in an error, in characters. */
const quoteLimit = 500;

/**
 * The one error that everything under `src/remote` throws: which server, what was tried, what came back, what to do next.
 */
export class RemoteError extends Error {
  override readonly name = 'RemoteError';
  readonly failure: RemoteFailure;

  constructor(failure: { reason: RemoteFailureReason; server: string; message: string; remedy: string; quoted?: string | undefined }, options?: { cause?: unknown }) {
    super(`${failure.server}: ${failure.message} ${failure.remedy}`, options);
    this.failure = { ...failure, quoted: failure.quoted === undefined ? undefined : quote(failure.quoted) };
  }
}

/** Makes a peer's text safe to show: control characters escaped, length bounded. */
export function quote(text: string): string {
  const shown = text.length > quoteLimit ? `${text.slice(0, quoteLimit)}… (${text.length} characters)` : text;
  return shown.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
