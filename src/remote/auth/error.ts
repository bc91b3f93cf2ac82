/** What kind of thing went wrong while authenticating; each is also a RemoteFailureReason. */
export type AuthFailureReason = 'authentication-failed' | 'unsupported' | 'bad-peer';

/**
 * Authentication cannot go on, or a sealed message is not genuine. The message is one sentence that says what was tried
 * and what came back; it never holds a secret, and it does not name the server: whoever owns the connection adds that.
 * The context that threw it is unusable afterwards.
 */
export class AuthError extends Error {
  override readonly name = 'AuthError';
  readonly reason: AuthFailureReason;
  /** One sentence: what to do next. */
  readonly remedy: string;

  constructor(reason: AuthFailureReason, message: string, remedy: string, options?: { cause?: unknown }) {
    super(message, options);
    this.reason = reason;
    this.remedy = remedy;
  }
}

/** The error for a token or a sealed message that breaks its specification. */
export function badToken(message: string, cause?: unknown): AuthError {
  return new AuthError('bad-peer', message, 'Check that the address is that of a Windows Remote Management listener and that nothing on the way alters the traffic.', { cause });
}
