/** The peer broke the protocol. The machine that threw it is unusable afterwards. `quoted` is what came, where seeing it helps. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly reason: 'bad-peer' | 'limit-exceeded';
  readonly quoted: string | undefined;

  constructor(message: string, options: { reason?: 'bad-peer' | 'limit-exceeded'; quoted?: string; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.reason = options.reason ?? 'bad-peer';
    this.quoted = options.quoted;
  }
}
