/** How long each wait may last, in milliseconds, and how many keepalives may go unanswered. */
export interface ConnectLimits {
  /** Name resolution and TCP. */
  readonly tcp: number;
  /** From TCP to authenticated; the time that a person takes to answer is not counted. */
  readonly handshake: number;
  /** Opening one channel on an open connection, until the server accepted or refused the command. */
  readonly channel: number;
  readonly keepaliveInterval: number;
  readonly keepaliveCount: number;
}

export const defaultLimits: ConnectLimits = {
  tcp: 15_000,
  handshake: 20_000,
  channel: 20_000,
  keepaliveInterval: 10_000,
  keepaliveCount: 3,
};

/** The limits with what ssh_config says about them. */
export function limitsWith(limits: ConnectLimits, settings: { connectTimeout: number | undefined; aliveInterval: number | undefined; aliveCount: number | undefined }): ConnectLimits {
  const { connectTimeout, aliveInterval, aliveCount } = settings;
  return { ...limits, tcp: connectTimeout ?? limits.tcp, keepaliveInterval: aliveInterval ?? limits.keepaliveInterval, keepaliveCount: aliveCount ?? limits.keepaliveCount };
}
