import type { TransportEnd } from '../transport.ts';

/**
 * A pair of byte streams to a PowerShell process, whoever carries them (an SSH channel, a child process).
 * MS-PSRP itself never sees one: the pump (pump.ts) moves bytes between this and the line framing.
 */
export interface ByteChannel {
  /** Standard output. Ends when the peer closed it; throws when the connection failed. Not reading holds the peer back. */
  readonly incoming: AsyncIterable<Uint8Array>;
  /** Standard error so far, the last 4 KiB, for error messages. */
  readonly errorText: () => string;
  /** Resolves when the bytes were accepted: that is the back-pressure. */
  write(bytes: Uint8Array): Promise<void>;
  /** Ends standard input, waits up to `grace` milliseconds for the process to go, then cuts. Never rejects; may be called twice. */
  close(grace: number): Promise<void>;
  /** Settles when the process or the channel has gone. Never rejects. */
  readonly ended: Promise<TransportEnd>;
}
