import type { Deadline, SilenceError } from './deadline.ts';
import type { Outgoing } from './psrp/outbox.ts';

/** The longest a wait for the peer may take, in milliseconds. */
export interface WaitLimits {
  /** For the acknowledgement of data or of a command. */
  readonly ack: number;
  /** For the acknowledgement of a close: the server finishes open commands first. */
  readonly close: number;
  /** For the acknowledgement of a stop, and for the end of the pipeline after it. */
  readonly signal: number;
  /** For the session key. */
  readonly key: number;
}

export const defaultLimits: WaitLimits = { ack: 30_000, close: 20_000, signal: 60_000, key: 30_000 };

/** How whatever carries the protocol went away. */
export interface TransportEnd {
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly error: Error | undefined;
}

/** What came beside the protocol, for error messages. */
export interface TransportTrace {
  /** True once the peer spoke the protocol. */
  readonly sawElement: boolean;
  /** What came before it. */
  readonly noise: string;
  /** The tail of standard error; empty where there is none. */
  readonly errorText: string;
}

/** What only the transport knows of the way to the server, for people. */
export interface TransportFacts {
  readonly authentication: string | undefined;
  readonly encryption: string | undefined;
}

/** Leaving a runspace pool on the server, disconnected from this client (MS-PSRP 3.1.4.9, MS-WSMV 3.1.4.13 to 3.1.4.15). */
export interface TransportDisconnection {
  readonly isDisconnected: boolean;
  /** Leaves the pool and its pipelines as they are on the server; nothing more is read or sent until `reconnect`. */
  disconnect(): Promise<void>;
  /** Goes on where `disconnect` stopped. */
  reconnect(): Promise<void>;
  /**
   * Takes up a pipeline of a pool that another client had left, and reads it. `nothingLeft` is called where it turns out
   * that its end had been read before.
   */
  connectPipeline(pipeline: string, nothingLeft: () => void): Promise<void>;
}

/**
 * Carries the bytes of one runspace pool (MS-PSRP 1.4) to a server and back: line framing over a byte stream, or WSMan.
 * Knows nothing of what is in them. Each stream (the pool's, or one pipeline's) keeps its order; a promise of a method
 * that sends settles when the server has taken what was sent.
 */
export interface PsrpTransport {
  readonly limits: WaitLimits;
  readonly trace: TransportTrace;
  /** Undefined until it is known, and for transports of which whoever opened them knows as much. */
  readonly facts: TransportFacts | undefined;
  /** Present where a pool can be left on the server and found again. */
  readonly disconnection: TransportDisconnection | undefined;
  /** True where APPLICATION_PRIVATE_DATA is as good as asking for the version, which would cost requests. */
  readonly trustsPrivateData: boolean;
  /** Settles when the peer has gone. Never rejects. */
  readonly ended: Promise<TransportEnd>;

  /** Tells the pool's id, in lower case; comes before everything else. */
  begin(pool: string): void;
  /**
   * The most that one `data` may carry, in bytes.
   * @param protocolVersion negotiated by SESSION_CAPABILITY; undefined before
   * @param psVersion the server's `$PSVersionTable.PSVersion`; undefined before it is known
   */
  maxFragment(protocolVersion: string | undefined, psVersion: string | undefined): number;
  /**
   * Reads until the peer ends. `onData` gets the data of each stream (undefined: the pool's); `afterChunk` may hold
   * reading back. Rejects when the connection fails or the peer breaks the framing.
   */
  read(onData: (bytes: Uint8Array, pipeline: string | undefined) => void, afterChunk: () => Promise<void> | undefined): Promise<void>;
  /** Nothing more is expected on the pool's stream until something is sent on it again. */
  poolAnswered(): void;
  /** Announces a pipeline. */
  command(pipeline: string): Promise<void>;
  /** Sends bytes of one stream. */
  data(outgoing: Outgoing): Promise<void>;
  /** Asks the server to stop a pipeline. */
  signal(pipeline: string): Promise<void>;
  /** Frees a pipeline that has ended, or with undefined the whole pool. */
  close(pipeline: string | undefined): Promise<void>;
  /** A limit that does not run while reading is held back on this side. */
  deadline(waitedFor: string, milliseconds: number, expired: (error: SilenceError) => void): Deadline;
  /** Ends every timer and every wait; whatever is sent later fails too. */
  fail(error: Error): void;
  /** Waits up to `grace` milliseconds for an orderly end, then cuts. Never rejects; may be called twice. */
  shut(grace: number): Promise<void>;
}
